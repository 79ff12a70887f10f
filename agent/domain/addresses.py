"""Addresses of sites: which may be configured, and which would carry a password over the network in the clear."""

import re
from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agent.domain.redaction import MASK
from agent.domain.text import Text

if TYPE_CHECKING:
    from tldextract import TLDExtract

Verdict = tuple[Text, Text]
# What an address may be told to say: the number of a page, and what a value is called.
_SMALL = re.compile(r"\d{1,3}|true|false", re.IGNORECASE)
_CALLED = re.compile(r"(?=\D)[\w.\[\]-]{1,30}")
# A step of a path that may let somebody in: digits and letters mixed, a JSON web token, what is escaped or too long.
_TICKET = re.compile(
    r"(?![a-z]+(?:[-_][a-z]+)*\d{0,2}$)(?=.*\d)(?=.*[a-z_-])[\w~%+=-]{16,}|eyJ[\w-]+.*|.{41,}", re.IGNORECASE
)
_WEB = re.compile(r"https?://[^\s\"'<>，。；）)“”]+")
_PAIRS = re.compile(r"[\w.-]+=")


def is_loopback(host: str) -> bool:
    """True for localhost, 127.0.0.0/8 and ::1: what is sent there does not leave this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_exposed(url: str) -> bool:
    """True if `url` is plain http to another machine: everyone on the way can read and change what is sent."""
    parts = urlsplit(url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def address_problem(url: str, *, allow_http: bool) -> Verdict | None:
    """Why `url` cannot be used and what to do about it, or None. The URL itself is not repeated."""
    if (shape := _shape_problem(url)) is not None:
        return shape
    if is_exposed(url) and not allow_http:
        return Text(
            "is plain http, so that everyone on the way can read the password", "使用明文 http，途中任何人都能看到密码"
        ), Text(
            "Use https, or accept the risk with `allow_http = true` beside it.",
            "请改用 https，或在同一处写 allow_http = true 以接受该风险。",
        )
    return None


def _shape_problem(url: str) -> Verdict | None:
    example = Text("Write it like https://host/path.", "请写成 https://主机/路径。")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(c.isspace() for c in url):
        return Text("is not a web address with a host", "不是带主机名的网址"), example
    if "@" in urlsplit(url).netloc:
        return Text("holds a user name or password", "网址中含有用户名或密码"), Text(
            "Take out everything before the @; credentials belong into the merchants file.",
            "请删除 @ 之前的内容；登录信息应写在商家文件中。",
        )
    return None


def without_tokens(address: str) -> str:
    """Return an address to be told to people: whatever in it may let somebody in, or be of one visit, is masked.

    Of a query, also behind #, the names stay, and values that are small numbers. What is no web address is masked.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return MASK
    if parts.scheme not in ("http", "https"):
        return address if address == "about:blank" else f"{parts.scheme}:{MASK}".lstrip(":")
    route, asks, asked = parts.fragment.partition("?")
    fragment = (_told_query(route) if _PAIRS.match(route) else _told_path(route)) + asks + _told_query(asked)
    where = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}{_told_path(parts.path)}"
    return where + (f"?{_told_query(parts.query)}" if parts.query else "") + (f"#{fragment}" if fragment else "")


def tokens_out(text: str) -> str:
    """Return a text with each web address in it as without_tokens() tells it."""
    return _WEB.sub(lambda found: without_tokens(found[0]), text)


def _told_path(path: str) -> str:
    steps = (step.partition(";")[0] for step in path.split("/"))
    return "/".join(MASK if any(map(_TICKET.fullmatch, (step, *step.split(".")))) else step for step in steps)


def _told_query(query: str) -> str:
    return "&".join(_told_pair(*pair.partition("=")) for pair in re.split("[&;]", query)) if query else ""


def _told_pair(name: str, equals: str, value: str) -> str:
    if not equals or not _CALLED.fullmatch(name) or _TICKET.fullmatch(name):
        return MASK
    return f"{name}={value if not value or _SMALL.fullmatch(value) else MASK}"


def registrable_domain(address: str) -> str:
    """Return what one owner registered of an address: taobao.com of h5api.m.taobao.com, b.com.cn of a.b.com.cn.

    A host without one, such as localhost or 127.0.0.1, is returned as it is. Told by the Public Suffix List that comes
    with tldextract; nothing is fetched.
    """
    host = urlsplit(address).hostname or ""
    return _domains()(host).top_domain_under_public_suffix or host


@cache
def _domains() -> "TLDExtract":
    # A command that opens no page does without the third of a second that this takes.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)
