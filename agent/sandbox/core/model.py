"""What the simulated sites remember."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Site = str  # a platform's id, or "backoffice"
Kind = Literal["confirm", "file", "save_date", "refund", "purchase", "authorize"]
Stage = Literal["before", "after"]
Challenge = Literal["slider", "sms", "totp", "approval"]

UNPAID, AWAITING, COMPLETED, CLOSED, REFUNDING = "待付款", "待确认", "交易成功", "已关闭", "退款中"
FILED, REQUESTED, PAID_OUT, REJECTED = "报备中", "返款申请中", "已返款", "已驳回"
WRONG_PASSWORDS_ALLOWED = 3


@dataclass(slots=True)
class Faults:
    """What goes wrong, from now on; a test may change it at any time."""

    latency: float = 0.0  # seconds before every answer
    expire_session_after: int | None = None  # requests that a session lives for, on both sites
    drop_column: str | None = None  # heading of a column that the order table does not show
    unknown_status: bool = False  # one order of ours shows 处理异常
    blank_number: bool = False  # one completed order of ours shows no number
    challenge: Challenge | None = None  # after the log-in form is sent
    qr_lasts: float = 60.0  # seconds in which a QR code can be scanned and granted
    code_lasts: float = 300.0  # seconds in which a code that was sent is taken
    hidden_challenge: bool = True  # the slider's wrapper is in the page, of no size: not a challenge
    over_is_403: bool = False  # 拼多多 refuses its list to a session that is over with a bare 403
    agreement: bool = False  # 淘宝 lists no orders before its new agreement is signed
    frame_punish: bool = False  # the order page opens a punish page in a frame
    empty: bool = False  # no orders, and the page says so
    broken_list: bool = False  # the order list cannot be had
    shop_name: str | None = None  # shown instead of the account's shop
    substituted_font: bool = False  # digits of order numbers are private-use characters that a web font draws (拼多多)
    application: str | None = None  # that asks for the authorisation in the place of 网店管家
    authorization_costs: bool = False  # the page of the authorisation asks for money first
    authorization_asks: str = ""  # what a native dialog asks before the consent is sent
    habits: tuple[str, ...] = ()  # of habits.HABITS, drawn over every page


@dataclass(slots=True)
class Login:
    username: str
    password: str = field(repr=False)
    ok: int = 0
    bad: int = 0

    @property
    def locked(self) -> bool:
        return self.bad >= WRONG_PASSWORDS_ALLOWED


@dataclass(slots=True)
class Order:
    """One line of the seller's order list. Money in yuan, times in Asia/Shanghai."""

    key: str  # what the page sends to confirm; tells nothing of the number
    number: str
    child: str
    service: str
    code: str
    ordered_at: datetime
    cycle: str
    expires: str
    amount: Decimal
    biz_type: str
    role: str  # why this order is among the samples
    initial_status: str
    status: str
    ours: bool
    hides_number: bool = True  # until it is confirmed

    @property
    def hidden(self) -> bool:
        """True while the platform does not tell the number."""
        return self.hides_number and self.status not in {COMPLETED, REFUNDING}


@dataclass(slots=True)
class Filing:
    """What a member has filed, or applied for where the edition files nothing."""

    id: int
    platform: str
    shop: str
    order_no: str
    date: str  # ISO; empty: never filled in
    amount: str
    status: str = FILED
    seeded: bool = False
    role: str = ""  # why it is among the samples, where no order tells
    bank: str = ""
    holder: str = ""
    account: str = ""

    @property
    def action(self) -> str:
        """The vendor spells it in two ways."""
        return "申请退款" if self.id % 2 else "申请返款"


@dataclass(slots=True)
class Shop:
    """A merchant's shop on one platform."""

    platform: str
    name: str
    login: Login
    authorized_until: date  # the ERP's authorisation (授权) ends with this day
    orders: list[Order] = field(default_factory=list)  # newest first

    def order(self, key: str) -> Order | None:
        return next((order for order in self.orders if order.key == key), None)


@dataclass(frozen=True, slots=True)
class Payee:
    bank: str
    holder: str
    account: str


@dataclass(slots=True)
class Merchant:
    id: str
    name: str
    edition: str
    backoffice: Login
    payee: Payee
    shops: dict[str, Shop] = field(default_factory=dict)  # by platform
    gone: list[str] = field(default_factory=list)  # platforms that have no site any more
    filings: list[Filing] = field(default_factory=list)  # newest first
    applications: list[Filing] = field(default_factory=list)  # newest first

    @property
    def files(self) -> bool:
        """Only the enterprise edition files; the others apply directly."""
        return self.edition == "enterprise"

    def seed(self, filing: Filing) -> None:
        """Add a sample. Who files nothing has none before it is applied for."""
        if filing.status != FILED:
            filing.bank, filing.holder, filing.account = self.payee.bank, self.payee.holder, self.payee.account
        if self.files:
            self.filings.append(filing)
        elif filing.status != FILED:
            self.applications.append(filing)

    @property
    def taobao(self) -> Shop:
        return self.shops["taobao"]

    def login(self, site: Site) -> Login | None:
        """None if the merchant has no shop on that platform."""
        if site == "backoffice":
            return self.backoffice
        return self.shops[site].login if site in self.shops else None

    def filing(self, number: str) -> Filing | None:
        return next((filing for filing in self.filings if str(filing.id) == number), None)


@dataclass(frozen=True, slots=True)
class Post:
    """One consequential request, as the tests' hook sees it."""

    number: int  # 1, 2, ...
    site: Site
    kind: Kind
    path: str
    fields: dict[str, str]
