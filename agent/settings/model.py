"""The settings as values, with their defaults and what must hold for each of them alone."""

import tomllib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, BeforeValidator, Field, IPvAnyNetwork, SecretStr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from agent.domain.accounts import AccountKey
from agent.domain.addresses import is_exposed
from agent.domain.schedule import Policy
from agent.domain.text import Language
from agent.settings.fields import (
    Address,
    Day,
    Host,
    Hours,
    Words,
    as_aliases,
    as_bucket,
    as_channel,
    as_filled,
    as_make_up_day,
    as_webhook,
)
from agent.settings.site_model import BackofficeSettings, PlatformSettings, Section, SiteSettings

if TYPE_CHECKING:
    from agent.domain.calendar import WorkCalendar


_USUAL = Policy()


class BrowserSettings(Section):
    """`executable`: a Chromium, or None to look for one."""

    executable: Annotated[Path | None, BeforeValidator(as_filled)] = None
    headless: bool = True


class CalendarSettings(Section):
    """The State Council's notice for a year that the library does not know yet, or days that it has wrong."""

    holidays: tuple[Day, ...] = ()
    workdays: tuple[Annotated[Day, AfterValidator(as_make_up_day)], ...] = ()


class WhenSettings(Section):
    """When accounts are looked at, if it differs for a platform or a merchant; None: it does not.

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


class ChannelSettings(Section):
    """Whom to tell: an Apprise address, which holds a token; for all merchants, or for those named alone.

    `language` if it is not that of all. With a `secret` the address is a webhook, and what it is sent is signed.
    """

    url: Annotated[SecretStr, AfterValidator(as_channel)]
    merchants: tuple[Words, ...] = ()
    language: Language | None = None
    secret: Annotated[SecretStr | None, AfterValidator(as_webhook)] = None


class EvidenceStoreSettings(Section):
    """A bucket of an S3-compatible store, `url` as s3://bucket/folder. Without `endpoint_url` it is Amazon's own.

    Keys that are left out are looked for where Amazon's tools do (AWS_ACCESS_KEY_ID and so on).
    """

    url: Annotated[str, AfterValidator(as_bucket)]
    allow_http: bool = False
    endpoint_url: Address | None = None
    region: Words | None = None
    access_key_id: Words | None = None
    secret_access_key: SecretStr | None = None

    @property
    def plain(self) -> bool:
        """True if it is reached by http: on this machine, or because the risk was accepted."""
        return urlsplit(self.endpoint_url or "").scheme == "http"

    @property
    def by_host(self) -> bool:
        """True if the endpoint's host begins with the bucket's name, as at 阿里云 OSS and 腾讯云 COS."""
        bucket = urlsplit(self.url).netloc
        return (urlsplit(self.endpoint_url or "").hostname or "").startswith(f"{bucket}.")


class ConsoleSettings(Section):
    """The names under which browsers may ask for the console, besides those of this machine itself; and the addresses
    of proxies, besides this machine, that are believed when they say for whom they ask.
    """

    hosts: tuple[Host, ...] = ()
    proxies: tuple[IPvAnyNetwork, ...] = ()


class BankSettings(Section):
    """Who pays refunds, for how many days after the request a payment may be for it, and when it is overdue."""

    payers: Annotated[tuple[Words, ...], Field(min_length=1)] = ("杭州笛佛软件有限公司",)
    match_days: Annotated[int, Field(ge=1, le=3650)] = 180
    overdue_days: Annotated[int, Field(ge=1, le=3650)] = 30


class RetentionSettings(Section):
    """How long what is written is kept, in days, and how much of idle runs, in GB (10⁹ bytes).

    An idle run began no consequential step. What others leave is money's evidence, and kept for a year at least;
    `runs_days` is for how idle runs ended, which the ledger keeps.
    """

    idle_days: Annotated[int, Field(ge=1, le=365)] = 90
    idle_gb: Annotated[int, Field(ge=1, le=100_000)] = 20
    money_days: Annotated[int, Field(ge=365, le=36_500)] = 3650
    logs_days: Annotated[int, Field(ge=1, le=3650)] = 90
    runs_days: Annotated[int, Field(ge=30, le=36_500)] = 730


def _default_data_dir() -> Path:
    return Path(platformdirs.user_data_dir("fankuan", appauthor=False))


class Settings(BaseSettings):
    """Everything that can be configured. Paths are absolute once `load_settings` has read them."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FANKUAN_", env_nested_delimiter="__", extra="forbid", frozen=True
    )

    # In which people are spoken to; None: the locale's.
    language: Language | None = None
    data_dir: Annotated[Path, BeforeValidator(as_filled)] = Field(default_factory=_default_data_dir)
    evidence_folder: Annotated[Path | None, BeforeValidator(as_filled)] = None
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
    shop_aliases: Annotated[dict[Words, Words], AfterValidator(as_aliases)] = Field(default_factory=dict)

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
