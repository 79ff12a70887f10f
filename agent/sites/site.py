"""What is declared about a site. Everything else is read from its pages."""

from dataclasses import dataclass, field

from agent.domain.deadlines import RefundRule
from agent.domain.orders import YUAN


@dataclass(frozen=True, slots=True)
class Site:
    """A platform's service market (服务市场).

    `services` are exact names or codes that are ours. `rule` says when a refund may be requested, None where the back
    office decides. `filing_name` is what the back office's list of platforms calls it. `number_after_confirm` is true
    where an order's number is shown only once it is confirmed. `currency` is that of amounts where the page shows none.
    `provisional` names what no public source states.
    """

    id: str
    title: str
    login_url: str
    orders_url: str
    services: tuple[str, ...]
    rule: RefundRule | None
    filing_name: str
    number_after_confirm: bool = False
    currency: str = YUAN
    provisional: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class BackOffice:
    """The ERP vendor's member back office (网店管家会员后台), as far as it is publicly known."""

    title: str
    login_url: str
    provisional: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Desk:
    """The back office as a run works it, with the addresses of its pages, which only the settings can give."""

    title: str
    login_url: str
    filing_url: str
    refund_url: str
