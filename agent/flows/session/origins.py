"""Where a password may be typed: the origins (scheme, host and port) that a site is known to log in on."""

from collections.abc import Collection, Iterable, Iterator
from urllib.parse import urlsplit

from playwright.async_api import Frame

from agent.domain.addresses import is_loopback
from agent.domain.login_errors import ForeignLogin

_USUAL = {"https": 443, "http": 80}
# Documents without an address of their own belong to the one that opened them.
_BORROWED = ("", "about:blank", "about:srcdoc")


def origin_of(address: str) -> str | None:
    """`https://host` or `https://host:8443` of an address, as browsers write it; None if it has none to trust.

    An address with a user name in it is never trusted: its host is not what it looks like.
    """
    try:
        parts = urlsplit(address)
        usual = _USUAL[parts.scheme]
        port = "" if parts.port in (None, usual) else f":{parts.port}"
        host = (parts.hostname or "").encode("ascii" if (parts.hostname or "").isascii() else "idna").decode()
    except (KeyError, ValueError):
        return None
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}{port}" if host and "@" not in parts.netloc else None


def origins(login_url: str, others: Iterable[str | None] = (), hosts: Iterable[str] = ()) -> frozenset[str]:
    """The origins of `login_url` and of the `others` of the same site, and https on each of `hosts`.

    Plain http counts on this machine, and where `login_url` is plain http itself, which was accepted in the settings.
    A site at the usual port of http may send on to https at its own.
    """
    configured = [urlsplit(a) for a in (login_url, *others) if a]
    plain = urlsplit(login_url).scheme == "http"
    taken = [p.geturl() for p in configured if p.scheme == "https" or plain or is_loopback(p.hostname or "")]
    upgraded = [f"https://{p.hostname}" for p in configured if p.scheme == "http" and p.port in (None, 80)]
    found = (origin_of(a) for a in (*taken, *upgraded, *(f"https://{h}" for h in hosts)))
    return frozenset(o for o in found if o is not None)


def document_of(addresses: Iterable[str]) -> str:
    """The address that a document answers to: its own, else that of the nearest frame around it that has one.

    `addresses` are its own and those of the frames around it, from the inside out.
    """
    return next((a for a in addresses if a.partition("#")[0] not in _BORROWED), "")


def readable(address: str) -> str:
    """What a person is told of an address: scheme and host alone."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else f"{parts.scheme or '?'}:"


def check_origin(frame: Frame, title: str, trusted: Collection[str]) -> None:
    """Raise ForeignLogin unless what stands in the frame is a document of a `trusted` origin."""
    address = document_of(_addresses(frame))
    if origin_of(address) not in trusted:
        raise ForeignLogin(title, readable(address), sorted(readable(o) for o in trusted))


def _addresses(frame: Frame | None) -> Iterator[str]:
    while frame is not None:
        yield frame.url
        frame = frame.parent_frame
