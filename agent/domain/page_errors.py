"""What can go wrong with a page that is open, and how a step on it is broken off."""

from dataclasses import dataclass, field

from agent.domain.errors import AccountError, Outcome
from agent.domain.text import Text
from agent.domain.unread import UnreadRow, gaps_in


@dataclass(eq=False)
class PageChanged(AccountError):
    """A page is not what it must be to act on it: a column, a button, a status or a number is missing or unknown."""

    reason = "page_changed"

    address: str
    missing: Text


@dataclass(eq=False)
class LoginFormMissing(PageChanged):
    """Where the log-in form should be is none."""

    missing: Text = field(default=Text("no log-in form was found", "未找到登录表单"), init=False)


@dataclass(eq=False)
class CellUnread(PageChanged):
    """One value of a row is not understood. `field` is its name, `shown` what the page shows there."""

    field: str
    shown: str


@dataclass(eq=False)
class ColumnsMissing(PageChanged):
    """A list lacks columns without which it cannot be read. `unknown` are its headings that name nothing known."""

    fields: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(eq=False)
class NothingRead(PageChanged):
    """No row of a list is understood. `rows` are what nobody knows of them."""

    missing: Text = field(init=False)
    rows: tuple[UnreadRow, ...]

    def __post_init__(self) -> None:
        self.missing = gaps_in(self.rows)


@dataclass(eq=False)
class NoButton(PageChanged):
    """The row of an order has no 确认, and nothing in it leads to one."""

    missing: Text = field(default=Text("the row has no button 确认", "该行没有“确认”按钮"), init=False)


@dataclass(eq=False)
class StepSkipped(AccountError):
    """A person who watches said no to a click before it was made. With `whole_order` to all of that order."""

    reason = "skipped"

    whole_order: bool


class DialogDeclined(PageChanged):
    """What followed a click is not about the order, or asks for money. It was declined: nothing was sent."""


class PageMoved(DialogDeclined):
    """The page went on by itself right before the first click of a step: nothing was clicked."""


@dataclass(eq=False)
class ChoiceUnclear(DialogDeclined):
    """A form has a choice that cannot be set to what is ours, or that nobody understands. Nothing was sent."""

    reason = "choice_unclear"

    missing: Text = field(init=False)
    choice: str

    def __post_init__(self) -> None:
        self.missing = Text(
            f"the choice “{self.choice}” of the form cannot be set to what is registered",
            f"表单中的选项“{self.choice}”无法确定应选哪一项",
        )


class FormDiffers(DialogDeclined):
    """What the form was about to send is not what was filled in. It was held back: nothing was sent."""

    reason = "form_differs"


@dataclass(eq=False)
class PaymentAsked(AccountError):
    """A page that is not meant for paying asks for money. Nothing is bought."""

    reason = "asks_for_money"
    outcome = Outcome.NEEDS_HUMAN

    address: str
    message: str
