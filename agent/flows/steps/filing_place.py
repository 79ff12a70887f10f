"""Where the form of a filing stands in the back office, what opens it, and what sends it."""

from agent.domain.page_errors import PageChanged
from agent.domain.text import Text
from agent.flows.steps.filing_form import ENTRY, Filled
from agent.flows.steps.form import empty_row, enclosing, has_boxes, is_button, opened_form, openers, own_buttons
from agent.flows.steps.form_page import FORM_SECONDS
from agent.pages import vocabulary
from agent.pages.actions.fill import Field, Scope, find_field, need_field
from agent.pages.inference.buttons import can_be_clicked, plainness
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot


async def open_form(page: LivePage, snapshot: PageSnapshot) -> Scope | None:
    """Where the form stands that a button (新增报备) opens, pressed once; None if it stands on the page anyway.

    Raise PageChanged if no whole form opens.
    """
    if (row := empty_row(snapshot)) and find_add(snapshot, row):
        return row
    opener = None if _stands_there(snapshot) else find_opener(snapshot)
    if opener is None:
        return None

    def form(now: PageSnapshot) -> Scope | None:
        if row := empty_row(now):
            return row if has_boxes(now, row, ENTRY) else None
        found = opened_form(now, snapshot, find_field(now, vocabulary.FORM_LABELS["amount"]))
        return found if found is not None and has_boxes(now, found, ENTRY) else None

    await page.click(*opener)
    view_after = await page.settled(FORM_SECONDS, lambda v: form(v) is not None)
    opened = form(view_after)
    if opened is None:
        message = Text("the button 新增报备 opened no whole form", "点击“新增报备”后没有出现完整的报备表单")
        raise PageChanged(view_after.address, message)
    return opened


def form_apart(snapshot: PageSnapshot) -> Scope | None:
    """The form of the box for the amount, if the box for the number that comes first on the page is of another form.

    Such as that of a search. None if the page has no two, or that form is no whole one.
    """
    amount, number = (find_field(snapshot, vocabulary.FORM_LABELS[name]) for name in ("amount", "order_no"))
    own = _form_of(amount.part, amount.control) if amount is not None else None
    if amount is None or number is None or own is None:
        return None
    form = Scope(amount.part, own)
    apart = not form.holds(number.part, number.control)
    return form if apart and has_boxes(snapshot, form, ENTRY) else None


def check_one_form(snapshot: PageSnapshot, filled: Filled, part: FrameSnapshot, button: Node) -> None:
    """Raise PageChanged if the boxes that were filled in and their button are of different forms: only one is sent."""
    stands = [(part, button), *((field.part, field.control) for field in filled.values())]
    forms = {form.id for where, node in stands if (form := _form_of(where, node)) is not None}
    if len(forms) > 1:
        told = Text("its boxes and its button belong to different forms", "各输入框与按钮分属不同的表单")
        raise PageChanged(snapshot.address, told)


def _form_of(part: FrameSnapshot, node: Node) -> Node | None:
    return next((outer for outer in part.shot.ancestors(node) if outer.tag == "form"), None)


def _stands_there(snapshot: PageSnapshot) -> bool:
    """True if the page has a form without being asked for one: a box for the amount, or what sends one.

    A box for the number alone is none: lists are searched by it.
    """
    amount = find_field(snapshot, vocabulary.FORM_LABELS["amount"])
    if amount is not None and not amount.drawn:
        return True
    number = find_field(snapshot, vocabulary.FORM_LABELS["order_no"])
    send = find_add(snapshot, None) if number is not None else None
    return number is not None and send is not None and send[1].index > number.control.index


def find_opener(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """The only button of these words, or else the only link; None if it is not certain which."""
    found = [*openers(snapshot, vocabulary.OPEN_FORM)]
    found = [f for f in found if is_button(f)] or found
    return found[0] if len(found) == 1 else None


def need_add(snapshot: PageSnapshot, form: Scope | None) -> tuple[FrameSnapshot, Node]:
    """Return what sends the form, also if it is switched off. Raise PageChanged if there is nothing that does."""
    if found := find_add(snapshot, form):
        return found
    raise PageChanged(snapshot.address, Text("the form has no button 添加", "表单没有“添加”按钮"))


def need_ready_add(snapshot: PageSnapshot, form: Scope | None) -> tuple[FrameSnapshot, Node]:
    """Return what sends the form. Raise PageChanged if it is switched off."""
    part, button = need_add(snapshot, form)
    if part.shot.is_disabled(button):
        raise PageChanged(snapshot.address, _off(button))
    return part, button


def find_add(snapshot: PageSnapshot, form: Scope | None) -> tuple[FrameSnapshot, Node] | None:
    """What sends the form: 添加, or 确定 of one that was opened, also one that is switched off if there is no other.

    None if there is none that a click would reach.
    """
    field = need_field(snapshot, "order_no", form)
    in_row = form is not None and form.in_list
    shot, words = (
        field.part.shot,
        vocabulary.ADD if form is None else vocabulary.SEND + (vocabulary.SEND_ROW if in_row else ()),
    )
    usable = [n for n in shot.nodes if vocabulary.is_one_of(_label_of(n), words) and can_be_clicked(shot, n)]
    if form is not None and in_row:
        usable = own_buttons(snapshot, form, usable)
    elif form is not None:  # its own button is the last of its kind
        usable = [n for n in reversed(usable) if form.holds(field.part, n)]

    def rank(node: Node) -> tuple[bool, bool, int]:
        # What stands before the form, such as a 新增 above the list that opened it, does not send it.
        return node.index < field.control.index, shot.is_disabled(node), plainness(_label_of(node), words)

    best = min(usable, key=rank, default=None)
    if best is not None and form is None:
        best = _of_form(snapshot, field, usable, best)
    return (field.part, best) if best is not None else None


def _of_form(snapshot: PageSnapshot, field: Field, usable: list[Node], best: Node) -> Node:
    """The one that is switched off in the form itself goes before another one far from its boxes."""
    shot = field.part.shot
    off = next((n for n in usable if shot.is_disabled(n) and n.index > field.control.index), None)
    own = enclosing(snapshot, field.part, [field.control, off]) if off is not None else None
    return off if off is not None and own is not None and not own.holds(field.part, best) else best


def _off(button: Node) -> Text:
    label = _label_of(button)
    return Text(f"“{label}” of the form is switched off", f"表单的“{label}”按钮不可点击")


def _label_of(node: Node) -> str:
    return node.text or (node.name if node.shown and (node.clickable or node.tag in ("i", "svg", "span")) else "")
