"""The settings as values, with their defaults and what must hold for each of them alone."""

import re
import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from agent.domain.accounts import AccountKey
from agent.domain.addresses import Verdict, address_problem, is_exposed
from agent.domain.deadlines import FIRST, LAST, RefundRule
from agent.domain.errors import UsageError
from agent.domain.orders import OrderStatus
from agent.domain.schedule import Policy
from agent.domain.text import Language, Text, fold
from agent.settings.words import FIELDS, Refusal, bad_confirm_word, bad_number, bad_word

if TYPE_CHECKING:
    from agent.domain.calendar import WorkCalendar


def _wrong(verdict: Verdict) -> PydanticCustomError:
    reason, cure = verdict
    return PydanticCustomError("told", "{en}", {"en": reason.en, "reason": reason, "cure": cure})


def _address(url: str, info: ValidationInfo) -> str:
    if verdict := address_problem(url, allow_http=bool(info.data.get("allow_http"))):
        raise _wrong(verdict)
    return url


def _rule(text: object) -> RefundRule | None:
    if text is None or isinstance(text, RefundRule):
        return text
    try:
        return RefundRule.parse(str(text))
    except UsageError as error:
        reason = Text("is not a waiting period", "不是有效的等待期")
        raise _wrong((reason, error.text)) from error


def _channel(url: SecretStr) -> SecretStr:
    if not re.match(r"[a-z][a-z0-9+.-]*://\S", url.get_secret_value(), re.IGNORECASE):
        raise _wrong(
            (
                Text("is no address of a channel", "不是有效的通知地址"),
                Text(
                    "Write it as Apprise has it, such as dingtalk://SECRET@TOKEN.",
                    "请按 Apprise 的格式填写，例如 dingtalk://SECRET@TOKEN。",
                ),
            )
        )
    return url


def _bucket(url: str) -> str:
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]*(/[\w.-]+)*/?", url, re.ASCII):
        raise _wrong(
            (
                Text("is no address of a bucket", "不是存储桶地址"),
                Text("Write it like s3://bucket/folder.", "请写成 s3://存储桶/目录。"),
            )
        )
    return url


def _hours(text: object) -> object:
    if isinstance(text, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        begin, end = text.split("-")
        return time.fromisoformat(begin), time.fromisoformat(end)
    if isinstance(text, tuple):
        return text
    raise _wrong(
        (
            Text("is no span of hours", "不是有效的时间段"),
            Text(
                "Write it as HH:MM-HH:MM, such as 08:00-22:00; it may go past midnight.",
                "请写成 HH:MM-HH:MM，例如 08:00-22:00，可跨零点。",
            ),
        )
    )


def _filled(path: object) -> object:
    # Otherwise the empty path would quietly be the working directory.
    if path == "":
        raise _wrong((Text("is empty", "为空"), Text("Fill it in or leave it out.", "请填写或删除该项。")))
    return path


def _day(given: object) -> date:
    """Text in the full form, or TOML's own dates; pydantic alone would take numbers for days, too."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise _wrong(
        (
            Text("is no date", "不是日期"),
            Text("Write it as YYYY-MM-DD, such as 2027-01-01.", "请写成 YYYY-MM-DD，例如 2027-01-01。"),
        )
    )


def _likely(day: date) -> date:
    if FIRST <= day <= LAST:
        return day
    raise _wrong(
        (
            Text("is no likely day of a notice", "不像是节假日通知中的日期"),
            Text(f"Give one from {FIRST} to {LAST}.", f"请填写 {FIRST} 至 {LAST} 之间的日期。"),
        )
    )


def _make_up_day(day: date, info: ValidationInfo) -> date:
    if day in info.data.get("holidays", ()):
        raise _wrong(
            (
                Text("is among the holidays, too", "同时也在 holidays 中"),
                Text("Leave it in one of the two lists.", "请只保留在其中一个列表里。"),
            )
        )
    if day.weekday() < 5:
        raise _wrong(
            (
                Text("is no Saturday or Sunday", "不是周六或周日"),
                Text(
                    "List here only the days that are worked at a weekend (调休上班); days off go into holidays.",
                    "此处只填写调休上班的周六、周日；放假日请写入 holidays。",
                ),
            )
        )
    return day


def _aliases(given: dict[str, str]) -> dict[str, str]:
    if idle := next((drawn for drawn, meant in given.items() if fold(drawn) == fold(meant)), None):
        raise _wrong(
            (
                Text(f"“{idle}” stands for itself", f"“{idle}”与对应的店铺名相同"),
                Text(
                    "Write the name as the page draws it, then the registered one.",
                    "请写成“页面显示的店铺名” = “登记的店铺名”。",
                ),
            )
        )
    if again := next((meant for meant in given.values() if fold(meant) in {fold(drawn) for drawn in given}), None):
        raise _wrong(
            (
                Text(f"“{again}” is itself an alias", f"“{again}”本身也是别名"),
                Text("Name the registered shop.", "请直接填写登记的店铺名。"),
            )
        )
    return given


def _refuse(found: Refusal | None) -> None:
    if found is not None:
        raise _wrong(found)


def _word(text: str) -> str:
    _refuse(bad_word(text))
    return text


def _confirm_word(text: str) -> str:
    _refuse(bad_confirm_word(text))
    return text


def _status(text: object) -> OrderStatus:
    if isinstance(text, str) and text in list(OrderStatus):
        return OrderStatus(text)
    known = ", ".join(OrderStatus)
    _refuse((Text("is not a status", "不是有效的状态"), Text(f"Known are: {known}.", f"可用的有：{known}。")))
    raise AssertionError


def _fields(given: object) -> object:
    for name in given if isinstance(given, dict) else ():
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            reason = Text(f"“{name}” is not a field of an order", f"“{name}”不是订单的字段")
            _refuse((reason, Text(f"Known are: {known}.", f"可用的有：{known}。")))
    return given


def _number(text: object) -> object:
    if isinstance(text, str):
        _refuse(bad_number(text))
        return re.compile(text)
    return text


Day = Annotated[date, BeforeValidator(_day), AfterValidator(_likely)]
Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Address = Annotated[str, AfterValidator(_address)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")]
Rule = Annotated[RefundRule | None, BeforeValidator(_rule)]
PageWord = Annotated[str, AfterValidator(_word)]


_USUAL = Policy()


class Part(BaseModel):
    """A table of the settings file; a key that is not a setting is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BrowserSettings(Part):
    """`executable`: a Chromium, or None to look for one."""

    executable: Annotated[Path | None, BeforeValidator(_filled)] = None
    headless: bool = True


class CalendarSettings(Part):
    """The State Council's notice for a year that the library does not know yet, or days that it has wrong."""

    holidays: tuple[Day, ...] = ()
    workdays: tuple[Annotated[Day, AfterValidator(_make_up_day)], ...] = ()


class BackofficeSettings(Part):
    """The ERP vendor's member back office (会员后台). The pages behind the log-in have no published address."""

    allow_http: bool = False
    login_url: Address = "http://newc.wdgj.com/Account/Login"
    filing_url: Address | None = None
    refund_url: Address | None = None
    network: tuple[Host, ...] = ()


class PageWords(Part):
    """What the order list calls things, beside what every reader knows.

    `statuses` are words for states, `headings` further headings of columns by field, `number` the shape that each order
    number has, `confirms` whether orders wait for 确认, `confirm_words` what its button may say besides, and
    `empty_words` what the page says if there is nothing.
    """

    statuses: dict[PageWord, Annotated[OrderStatus, BeforeValidator(_status)]] = Field(default_factory=dict)
    headings: Annotated[dict[str, tuple[PageWord, ...]], BeforeValidator(_fields)] = Field(default_factory=dict)
    number: Annotated[re.Pattern[str] | None, BeforeValidator(_number)] = None
    confirms: bool | None = None
    confirm_words: tuple[Annotated[str, AfterValidator(_confirm_word)], ...] = ()
    empty_words: tuple[PageWord, ...] = ()


class SiteSettings(PageWords):
    """What differs from a built-in platform's own declaration; None or empty: nothing does. `network` adds to it."""

    allow_http: bool = False
    login_url: Address | None = None
    orders_url: Address | None = None
    authorize_url: Address | None = None
    services: tuple[Words, ...] = ()
    network: tuple[Host, ...] = ()
    refund_after: Rule = None
    filing_name: Words | None = None


class PlatformSettings(PageWords):
    """A platform that is added by settings alone. `services` are the exact names or codes that are ours."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")]
    title: Words
    allow_http: bool = False
    login_url: Address
    orders_url: Address | None = None
    authorize_url: Address | None = None
    network: tuple[Host, ...] = ()
    services: Annotated[tuple[Words, ...], Field(min_length=1)]
    refund_after: Rule = None
    filing_name: Words | None = None
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"


class WhenSettings(Part):
    """When accounts are looked at, where it differs for a platform or a merchant; None: it does not.

    `hours` in Asia/Shanghai, `every_hours` the usual pause between two looks, `closed` the days without any.
    """

    hours: Hours | None = None
    every_hours: Annotated[int, Field(ge=1, le=168)] | None = None
    closed: tuple[Day, ...] = ()


class ScheduleSettings(WhenSettings):
    """The same for all. `at_once` and `a_minute` bound the accounts of one platform, over all machines."""

    at_once: Annotated[int, Field(ge=1, le=1000)] = 4
    a_minute: Annotated[int, Field(ge=1, le=10000)] = 30
    platforms: dict[str, WhenSettings] = Field(default_factory=dict)
    merchants: dict[str, WhenSettings] = Field(default_factory=dict)

    def policy(self, account: AccountKey) -> Policy:
        """When an account is looked at: as is said of its merchant, else of its platform, else of all."""
        parts = [self.merchants.get(account.merchant_id), self.platforms.get(account.platform), self]
        texts = [part for part in parts if part is not None]
        begin, end = next((p.hours for p in texts if p.hours), (_USUAL.begin, _USUAL.end))
        every = next((timedelta(hours=p.every_hours) for p in texts if p.every_hours), _USUAL.every)
        return Policy(begin, end, every, frozenset(day for part in texts for day in part.closed))


class ChannelSettings(Part):
    """Whom to tell: an Apprise address, which holds a token; for all merchants, or for those named alone.

    `language` where it is not that of all.
    """

    url: Annotated[SecretStr, AfterValidator(_channel)]
    merchants: tuple[Words, ...] = ()
    language: Language | None = None


class EvidenceStoreSettings(Part):
    """A bucket of an S3-compatible store, `url` as s3://bucket/folder. Without `endpoint_url` it is Amazon's own.

    Keys that are left out are looked for where Amazon's tools do (AWS_ACCESS_KEY_ID and so on).
    """

    url: Annotated[str, AfterValidator(_bucket)]
    allow_http: bool = False
    endpoint_url: Address | None = None
    region: Words | None = None
    access_key_id: Words | None = None
    secret_access_key: SecretStr | None = None

    @property
    def plain(self) -> bool:
        """True where it is reached by http: on this machine, or because the risk was accepted."""
        return urlsplit(self.endpoint_url or "").scheme == "http"

    @property
    def by_host(self) -> bool:
        """True where the endpoint's host begins with the bucket's name, as at 阿里云 OSS and 腾讯云 COS."""
        bucket = urlsplit(self.url).netloc
        return (urlsplit(self.endpoint_url or "").hostname or "").startswith(f"{bucket}.")


class ConsoleSettings(Part):
    """The names under which browsers may ask for the console, besides those of this machine itself."""

    hosts: tuple[Host, ...] = ()


class BankSettings(Part):
    """Who pays refunds, for how many days after the request a payment may be for it, and when it is overdue."""

    payers: Annotated[tuple[Words, ...], Field(min_length=1)] = ("杭州笛佛软件有限公司",)
    match_days: Annotated[int, Field(ge=1, le=3650)] = 180
    overdue_days: Annotated[int, Field(ge=1, le=3650)] = 30


class RetentionSettings(Part):
    """How long what is written is kept, in days, and how much of idle runs, in GB (10⁹ bytes).

    An idle run began no consequential step. What others leave is money's evidence, and kept for a year at least.
    """

    idle_days: Annotated[int, Field(ge=1, le=365)] = 90
    idle_gb: Annotated[int, Field(ge=1, le=100_000)] = 20
    money_days: Annotated[int, Field(ge=365, le=36_500)] = 3650
    logs_days: Annotated[int, Field(ge=1, le=3650)] = 90


def _default_data_dir() -> Path:
    return Path(platformdirs.user_data_dir("fankuan", appauthor=False))


class Settings(BaseSettings):
    """Everything that can be configured. Paths are absolute once `load_settings` has read them."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FANKUAN_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    # In which people are spoken to; None: the locale's.
    language: Language | None = None
    data_dir: Annotated[Path, BeforeValidator(_filled)] = Field(default_factory=_default_data_dir)
    evidence_folder: Annotated[Path | None, BeforeValidator(_filled)] = None
    evidence_store: EvidenceStoreSettings | None = None
    database_url: SecretStr | None = None
    vault_key: SecretStr | None = None
    browser: BrowserSettings = Field(default_factory=BrowserSettings)
    calendar: CalendarSettings = Field(default_factory=CalendarSettings)
    backoffice: BackofficeSettings = Field(default_factory=BackofficeSettings)
    sites: dict[str, SiteSettings] = Field(default_factory=dict)
    platforms: tuple[PlatformSettings, ...] = ()
    notify: tuple[ChannelSettings, ...] = ()
    schedule: ScheduleSettings = Field(default_factory=ScheduleSettings)
    bank: BankSettings = Field(default_factory=BankSettings)
    retention: RetentionSettings = Field(default_factory=RetentionSettings)
    console: ConsoleSettings = Field(default_factory=ConsoleSettings)
    # A shop's name as pages draw it, and the registered name that it stands for.
    shop_aliases: Annotated[dict[Words, Words], AfterValidator(_aliases)] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Nothing but what is passed: `load_settings` reads file and environment, to tell in which one an error is."""
        return (init_settings,)

    @property
    def work_calendar(self) -> "WorkCalendar":
        """The working days, with what the settings add to the library's."""
        from agent.domain.calendar import WorkCalendar  # its library is slow to load, and most commands need none

        return WorkCalendar(frozenset(self.calendar.holidays), frozenset(self.calendar.workdays))

    @property
    def evidence_dir(self) -> Path:
        """Where pictures go: `evidence_folder`, else `screenshots` in `data_dir`.

        In a checkout whose data directory was not chosen it is the checkout's own.
        """
        if self.evidence_folder is not None:
            return self.evidence_folder
        here = Path.cwd()
        in_checkout = "data_dir" not in self.model_fields_set and _is_checkout(here)
        return (here if in_checkout else self.data_dir) / "screenshots"

    @property
    def exposed_addresses(self) -> list[str]:
        """The configured addresses that send passwords in the clear, to be told at every start."""
        store = () if self.evidence_store is None else (self.evidence_store,)
        parts = (self.backoffice, *self.sites.values(), *self.platforms, *store)
        urls = [url for part in parts for name, url in part if name.endswith("_url") and url]
        return [url for url in urls if is_exposed(url)]


def _is_checkout(folder: Path) -> bool:
    try:
        project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8")).get("project", {})
    except (OSError, ValueError):
        return False
    return bool(project.get("name") == "fankuan" and (folder / "agent").is_dir())
