"""Sets the choices of a form that say where money goes, before its boxes are filled in; all others must be harmless."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Self

from agent.domain.merchants import Payee as Registered
from agent.domain.page_errors import ChoiceUnclear, PageChanged
from agent.flows.steps.form import list_parts
from agent.pages import vocabulary
from agent.pages.actions.fill import Field, Scope, find_field
from agent.pages.actions.select import choose_among
from agent.pages.inference.declarations import asks_to_declare
from agent.pages.inference.form_choices import find_choices, find_opener, saved_account
from agent.pages.inference.payee_choice import (
    Choice,
    Manner,
    Option,
    Payee,
    State,
    decide,
    is_about_payee,
    is_declaration,
    ours,
    unclear,
)
from agent.pages.inference.ticks import declared_beside, is_asked_to_declare
from agent.pages.live.page import LivePage
from agent.pages.live.request_hold import Sending, off_plan
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_SECONDS = 3.0
_MOST = 16
_TRIES = 2
# What sends a form, whether it is switched off or not.
Sender = Callable[[PageSnapshot], tuple[FrameSnapshot, Node] | None]


@dataclass(slots=True)
class Choices:
    """The choices of one form. `names` are its fields, whose boxes are no choices of their own.

    `asked` is true once the form wants a declaration (我已阅读并同意《返款规则》) ticked before it can be sent.
    """

    page: LivePage
    form: Scope
    names: tuple[str, ...]
    payee: Payee | None = None
    around: Scope | None = None
    until: Node | None = None
    asked: bool = False
    tried: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, page: LivePage, snapshot: PageSnapshot, form: Scope, names: Iterable[str], payee: Registered | None = None
    ) -> Self:
        """Those of a form that stands in `snapshot`; with a payee, those that stand closely around it, too."""
        decisive = Payee.of(payee.account.get_secret_value(), payee.holder) if payee else None
        return cls(page, form, tuple(names), decisive, _around(snapshot, form) if payee else None)

    async def settle(self, snapshot: PageSnapshot | None = None) -> PageSnapshot:
        """Choose what is ours wherever the form lets one choose, and return the page with it.

        `snapshot` is the page as it was just looked at. Raise ChoiceUnclear, by its name, if a choice is not ours.
        """
        for _ in range(_MOST):
            snapshot = snapshot or await self.page.look()
            choice = unclear(self.found(snapshot), self.payee)
            if choice is not None:
                await self._set(choice)
            elif not await self._opened(snapshot):
                return snapshot
            snapshot = await self.page.settled(_SECONDS)
        raise ChoiceUnclear(self.page.raw.url, "/".join(name for name, _ in self.tried)[:60])

    def check(self, snapshot: PageSnapshot) -> None:
        """Raise ChoiceUnclear if a choice of the form is not as it must be, or another account stands in it."""
        if choice := unclear(self.found(snapshot), self.payee):
            raise ChoiceUnclear(snapshot.address, choice.name)
        if self.payee and (text := saved_account(snapshot, self.form, self.payee.account)):
            raise ChoiceUnclear(snapshot.address, text[:20])

    def found(self, snapshot: PageSnapshot) -> list[Choice]:
        """The choices as they are now."""
        known = {f.control.id for name in self.names if (f := self._box(snapshot, name))}
        found = find_choices(snapshot, self.form, known, self.around)
        if self.asked:
            found = [replace(c, required=True) if is_declaration(c) and not c.outside else c for c in found]
        if self.until is None:
            return found
        last = next((n for p in snapshot.parts for n in p.shot.nodes if n.id == self.until.id), self.until)
        return [c for c in found if c.node is None or c.node.index <= last.index]

    async def declare(self, sender: Sender, snapshot: PageSnapshot | None = None) -> None:
        """Tick what declares that the filled-in form is true, or that its rules were read, if it is not sent without.

        `snapshot` is the page as it was just looked at. Raise ChoiceUnclear, by its name, if what sends the form stays
        switched off beside a box that is not ticked.
        """
        snapshot = snapshot or await self.page.look()
        if not _is_off(sender(snapshot)) and not is_asked_to_declare(snapshot, self.form):
            return
        self.asked, before = True, dict(self.tried)
        await self.settle()
        if self.tried != before:
            snapshot = await self.page.settled(_SECONDS, lambda v: not _is_off(sender(v)))
        if _is_off(sender(snapshot)) and (left := self._not_ticked(snapshot)):
            raise ChoiceUnclear(snapshot.address, left)

    async def declare_once_asked(self, words: Iterable[str]) -> bool:
        """Tick what the form asked for when it was to be sent; false if it asked for nothing, or all is ticked.

        Raise ChoiceUnclear if it asked for a box that is not understood.
        """
        if self.asked or not any(asks_to_declare(text) for text in words):
            return False
        self.asked = True
        snapshot = await self.page.look()
        if unclear(self.found(snapshot), self.payee) is None:
            raise ChoiceUnclear(snapshot.address, self._not_ticked(snapshot) or next(iter(words)))
        await self.settle()
        return True

    def _not_ticked(self, snapshot: PageSnapshot) -> str | None:
        """The first choice with nothing chosen, else words that declare something, whatever their box is."""
        left = next((c for c in self.found(snapshot) if not any(o.taken for o in c.options)), None)
        return left.name if left else declared_beside(snapshot, self.form)

    def _box(self, snapshot: PageSnapshot, name: str) -> Field | None:
        found = find_field(snapshot, vocabulary.FORM_LABELS[name], self.form)
        # An account that is chosen from a list is one that the site knows already.
        chosen = found is not None and (found.drawn or found.control.kind in ("select", "combobox", "listbox"))
        return None if name == "account" and chosen else found

    async def _set(self, choice: Choice) -> None:
        verdict = decide(choice, self.payee)
        text = verdict.option.words if verdict.option else ""
        key = (choice.name, text)
        self.tried[key] = self.tried.get(key, 0) + 1
        if verdict.state is State.UNCLEAR or self.tried[key] > _TRIES or choice.part is None:
            raise ChoiceUnclear(self.page.raw.url, choice.name)
        try:
            if verdict.state is State.OPENED:
                await self._choose(choice, choice.part)
            elif verdict.option is not None and verdict.option.node is not None:
                await self._take(choice.part, verdict.option.node, text)
        except ChoiceUnclear:
            raise
        except PageChanged:
            raise ChoiceUnclear(self.page.raw.url, choice.name) from None

    async def _take(self, part: FrameSnapshot, node: Node, text: str) -> None:
        if node.kind == "select":
            label = next(o for o in node.options if o == text)
            await (await self.page.element(part, node)).select_option(label=label)
        else:
            await self.page.click(part, node)

    async def _choose(self, choice: Choice, part: FrameSnapshot) -> None:
        node, payee = choice.node, self.payee
        if node is None or payee is None:
            raise ChoiceUnclear(self.page.raw.url, choice.name)

        def pick(offered: Iterable[str]) -> str | None:
            options = tuple(Option(text, False) for text in offered)
            found = ours(Choice(choice.label, options, Manner.ONE), payee)
            return found.words if found else None

        await choose_among(self.page, Field(part, node, choice.label), pick)

    async def _opened(self, snapshot: PageSnapshot) -> bool:
        """Press what gives boxes for another account, once, if the form has none; true if it was pressed."""
        if self.payee is None or self._box(snapshot, "account") is not None or "" in (n for n, _ in self.tried):
            return False
        opener = find_opener(snapshot, self.form)
        if opener is None:
            return False
        self.tried[("", opener[1].text)] = 1
        await self.page.click(*opener)
        return True

    async def check_sending(self, box: Field, sending: Sending) -> None:
        """Raise ChoiceUnclear if the browser would send something else than is meant, such as payType=alipay."""
        element = await self.page.element(box.part, box.control)
        if difference := await off_plan(element, sending):
            raise ChoiceUnclear(self.page.raw.url, difference.text.zh)


def _is_off(sender: tuple[FrameSnapshot, Node] | None) -> bool:
    return sender is not None and sender[0].shot.is_disabled(sender[1])


def _around(snapshot: PageSnapshot, form: Scope) -> Scope | None:
    """The most that stands around a form and holds nothing of the list: its tabs can stand beside it."""
    part = next((p for p in snapshot.parts if p.frame is form.part.frame), None)
    root = next((n for n in part.shot.nodes if n.id == form.root.id), None) if part else None
    if part is None or root is None:
        return None
    listed = [node for p, node in list_parts(snapshot) if p is part]
    best = None
    for outer in part.shot.ancestors(root):
        if outer.tag in ("body", "html") or any(part.shot.holds(outer, node) for node in listed):
            break
        best = outer
    return Scope(part, best) if best else None


def asks_where(snapshot: PageSnapshot, form: Scope) -> bool:
    """True if a form lets one choose how, or to which account, the money is paid out."""
    return (
        any(is_about_payee(c, None) for c in find_choices(snapshot, form, ()))
        or find_opener(snapshot, form) is not None
    )
