"""What every browser is started with."""

# Chromium's own services (updates, safe browsing, sync) have no business in a merchant's session.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-client-side-phishing-detection",
    "--disable-quic",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--metrics-recording-only",
    "--font-render-hinting=none",  # in a headless shell, too, letters stand where they stand in a full browser
    # The one way to the network that is not by the proxy; the second name is the headless shell's.
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
# Chromium takes the last list of this kind alone, so what Playwright switches off by its own list is named here again:
# above all the change of http to https, and questions to Google.
_SWITCHED_OFF_BY_PLAYWRIGHT = (
    *("AvoidCorsURLLoaderRestartOnRedirect", "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
    *("HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "LensOverlay", "MediaRouter", "NetworkTimeServiceQuerying"),
    *("OptimizationHints", "PaintHolding", "PreconnectToSearch", "ThirdPartyStoragePartitioning", "AimEnabled"),
    "TcpPortRandomizationWin",
)
# The address bar's suggestions are drawn by two renderers of their own, also where no window is shown: measured, more
# than half of the time that a start with two pages takes (2.6 s of CPU with them, 1.1 s without).
_UNSEEN = ("WebUIOmniboxAimPopup", "WebUIOmniboxPopup")
# What would be asked of Google: what the boxes of each form mean.
_ASKING = ("AutofillServerCommunication",)
# A process that is started ahead of time for the next site in a context is never used here: one context, one site.
_WASTED = ("SpareRendererForSitePerProcess",)
# A page that takes more is ended by its own engine, before it takes the machine's. In megabytes, for each renderer.
_MOST_SCRIPT_MEMORY = 640
ARGUMENTS = (
    *_QUIET,
    f"--js-flags=--max-old-space-size={_MOST_SCRIPT_MEMORY}",
    f"--disable-features={','.join((*_SWITCHED_OFF_BY_PLAYWRIGHT, *_UNSEEN, *_ASKING, *_WASTED))}",
)
