"""Whether the sites that registered merchants need can be reached: one request each, at once, without credentials."""

import http.client
import ssl
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

from agent.cli.checks import Check, Status
from agent.domain.accounts import SiteId
from agent.domain.text import Text

PATIENCE = 8  # seconds


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows nothing: a redirect is an answer, too."""

    def redirect_request(self, *_: object) -> None:
        return None


def reachable(addresses: Mapping[str, str]) -> list[Check]:
    """A check a site; `addresses` are log-in addresses by site id."""
    with ThreadPoolExecutor(max_workers=max(1, len(addresses))) as pool:
        return list(pool.map(_check, addresses, addresses.values()))


def _check(site_id: SiteId, address: str) -> Check:
    parts = urlsplit(address)
    place = f"{parts.scheme}://{parts.netloc}"
    trouble = _trouble(address)
    if trouble is None:
        return Check(f"site {site_id}", Status.OK, Text(place, place))
    return Check(
        f"site {site_id}",
        Status.PROBLEM,
        Text(f"{place} does not answer: {trouble}", f"{place} 无响应：{trouble}"),
        Text("Check the network, the proxy and the address in the settings.", "请检查网络、代理以及设置中的地址。"),
    )


def _trouble(address: str) -> str | None:
    """None if the site answers, with whatever status: a log-in page may refuse HEAD."""
    opener = urllib.request.build_opener(_Stay)
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310 - the settings allow http and https alone
    try:
        with opener.open(request, timeout=PATIENCE):
            return None
    except urllib.error.HTTPError as answer:
        answer.close()
        return None
    except urllib.error.URLError as error:
        return str(error.reason)
    except (OSError, http.client.HTTPException, ssl.SSLError, ValueError) as error:
        return str(error) or type(error).__name__
