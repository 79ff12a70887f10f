"""What the settings say of sites: the back office, what is changed of a built-in platform, what is added."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from agent.domain.orders import OrderStatus
from agent.settings.fields import Address, Host, PageWord, Rule, Words, as_confirm_word, as_fields, as_number, as_status


class Section(BaseModel):
    """A table of the settings file; a key that is not a setting is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class BackofficeSettings(Section):
    """The ERP vendor's member back office (会员后台). The pages behind the log-in have no published address."""

    allow_http: bool = False
    login_url: Address = "http://newc.wdgj.com/Account/Login"
    filing_url: Address | None = None
    refund_url: Address | None = None
    network: tuple[Host, ...] = ()


class PageWords(Section):
    """What the order list calls things, beside what every reader knows.

    `statuses` are words for states, `headings` further headings of columns by field, `number` the shape that each order
    number has, `confirms` whether orders wait for 确认, `confirm_words` what its button may say besides, and
    `empty_words` what the page says if there is nothing.
    """

    statuses: dict[PageWord, Annotated[OrderStatus, BeforeValidator(as_status)]] = Field(default_factory=dict)
    headings: Annotated[dict[str, tuple[PageWord, ...]], BeforeValidator(as_fields)] = Field(default_factory=dict)
    number: Annotated[re.Pattern[str] | None, BeforeValidator(as_number)] = None
    confirms: bool | None = None
    confirm_words: tuple[Annotated[str, AfterValidator(as_confirm_word)], ...] = ()
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
