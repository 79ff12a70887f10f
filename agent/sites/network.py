"""Which hosts an account's browser may talk to (网络白名单); everything else is blocked there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import urlsplit

from agent.domain.addresses import is_loopback

# Below these, names are registered one level further down.
_SECOND = {"com", "net", "org", "gov", "edu", "ac", "co"}
# What the pages of 淘宝, 天猫, 1688, Alibaba.com and 速卖通 share.
ALIBABA_FAMILY = (
    *("taobao.com", "tmall.com", "1688.com", "alibaba.com", "aliexpress.com"),
    *("alicdn.com", "tbcdn.cn", "aliapp.org", "mmstat.com"),
)
_LOOPBACK = r"localhost|127\.[0-9.]+|\[::1\]"


@dataclass(frozen=True)
class Network:
    """`domains` are allowed with everything below them, whatever the port; `loopback`: this machine, too."""

    domains: frozenset[str]
    loopback: bool = False

    @classmethod
    def of(cls, addresses: Iterable[str | None], hosts: Iterable[str] = ()) -> "Network":
        """The registered domains of `addresses`, for pages get their scripts from siblings, and `hosts` as they are."""
        named = [name for a in addresses if a and (name := urlsplit(a).hostname)]
        local = any(map(is_loopback, named))
        return cls(frozenset([*map(_registered, named), *(host.lower() for host in hosts)]), local)

    @cached_property
    def _forbidden(self) -> re.Pattern[str]:
        names = sorted(re.escape(_bracketed(domain)) for domain in self.domains)
        allowed = [rf"(?:[^/?#@]*\.)?(?:{'|'.join(names)})"] if names else []
        allowed += [f"(?:{_LOOPBACK})"] if self.loopback else []
        inside = f"(?:{'|'.join(allowed)})" if allowed else r"(?!)"
        return re.compile(rf"^https?://(?!{inside}\.?(?::\d+)?(?:[/?#]|$))", re.IGNORECASE)

    def allows(self, address: str) -> bool:
        """True for what the browser may ask for. A user name before the host allows nothing."""
        return self._forbidden.match(address) is None


def _registered(host: str) -> str:
    name = host.rstrip(".").lower()
    if _is_ip(name):
        return name
    labels = name.split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and labels[-2] in _SECOND else labels[-2:])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
