"""The part of a form that says where the money goes: filled in, read back, and sent."""

from collections.abc import Callable, Mapping

from agent.domain.merchants import Payee
from agent.domain.page_errors import PageChanged
from agent.domain.text import Text, fold
from agent.flows.steps.filing_form import compare
from agent.flows.steps.form_choices import Choices
from agent.flows.steps.form_page import FORM_SECONDS
from agent.pages import vocabulary
from agent.pages.actions.fill import Field, Scope, choose, fill, shown
from agent.pages.actions.fill_form import Wanted, fill_form
from agent.pages.inference.buttons import find_button
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

PAYEE = ("bank", "holder", "account")


def sent_payee(payee: Payee) -> dict[str, str]:
    """What a record may say of it."""
    return {"bank": payee.bank, "holder": payee.holder, "account": payee.masked}


def sending_payee(payee: Payee, filled: Mapping[str, Field]) -> dict[str, str]:
    """What the form is to send of it, whole: for comparing alone, never for a record."""
    return {name: value for name, value in _wanted(payee).items() if name in filled}


async def fill_payee(
    page: LivePage, scope: Scope, payee: Payee, taken: Mapping[str, Field] | None = None
) -> dict[str, Field]:
    """Fill in what the form asks for; the account always, since money must not go to whatever stood there.

    `taken` are the boxes that were filled in before. Raise PageChanged if a box is one of them, or does not take
    its value, which no sentence repeats.
    """
    wanted = [_box(page, name, value) for name, value in _wanted(payee).items()]
    return await fill_form(page, wanted, scope, [*(taken or {}).values()])


def _box(page: LivePage, name: str, value: str) -> Wanted:
    # The form is there as a whole, so a box that is not there now is not asked for.
    return Wanted(
        name,
        value,
        lambda v, f: fold(shown(v, f)) == fold(value),
        lambda f: _put(page, name, f, value),
        needed=name == "account",
    )


async def _put(page: LivePage, name: str, field: Field, value: str) -> None:
    try:
        # The account is never chosen from a list: drawn ones are searched by typing, and would show it elsewhere.
        if name != "account" and _is_chosen(field):
            await choose(page, field, value)
        else:
            await fill(page, field, value)
    except PageChanged:
        label = field.label  # what went wrong names an option, or the words in the box
        raise PageChanged(
            page.raw.url, Text(f"{label} does not take what is registered", f"“{label}”无法填入已登记的内容")
        ) from None


def _wanted(payee: Payee) -> dict[str, str]:
    return {"bank": payee.bank, "holder": payee.holder, "account": payee.account.get_secret_value()}


def _is_chosen(field: Field) -> bool:
    """True for a box that offers what can stand in it."""
    control = field.control
    return field.drawn or control.readonly or control.ghost or control.kind in ("select", "combobox", "listbox")


def compare_payee(snapshot: PageSnapshot, scope: Scope, payee: Payee, filled: dict[str, Field]) -> None:
    """Raise PageChanged if the form shows anything else than what was filled in."""
    wanted = _wanted(payee)
    for name, field in filled.items():
        value = fold(wanted[name])
        compare(snapshot, name, lambda f: fold(shown(snapshot, f)), value, within=scope, filled=field, private=True)


def find_submit(snapshot: PageSnapshot, scope: Scope) -> tuple[FrameSnapshot, Node] | None:
    """The 提交 of a form, also one that is switched off if there is no other; None if a click would reach none."""
    return find_button(scope, snapshot, vocabulary.SUBMIT)


async def ready_to_submit(
    choices: Choices, form: Scope, check: Callable[[PageSnapshot], None]
) -> tuple[FrameSnapshot, Node]:
    """The 提交 of a form that is filled in, once it shows what it should, with what it wants declared ticked.

    Raise ChoiceUnclear and PageChanged, as `check` does, before anything is sent.
    """
    await choices.declare(lambda v: find_submit(v, form), await choices.page.settled(FORM_SECONDS))
    snapshot = await choices.page.settled(FORM_SECONDS)
    check(snapshot)
    return need_submit(snapshot, form)


def need_submit(snapshot: PageSnapshot, scope: Scope) -> tuple[FrameSnapshot, Node]:
    """The 提交 of a form. Raise PageChanged without one, and if it is switched off."""
    found = find_submit(snapshot, scope)
    if found is None:
        raise PageChanged(snapshot.address, Text("the refund form has no button 提交", "返款表单没有“提交”按钮"))
    part, button = found
    if part.shot.is_disabled(button):
        message = Text(f"“{button.text}” of the refund form is switched off", f"返款表单的“{button.text}”按钮不可点击")
        raise PageChanged(snapshot.address, message)
    return found
