"""Which layers of a page are new since a click: those that ask are to be answered, each once for what it says."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from playwright.async_api import Frame, JSHandle

from agent.domain.text import fold
from agent.pages.actions.answer import is_answer
from agent.pages.inference.dialogs import Matter
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.overlays import Dialog, dialog_after
from agent.pages.inference.questions import is_notice, pieces_of
from agent.pages.snapshot import Node
from agent.pages.view import PageSnapshot

_TITLES = {"提示", "温馨提示", "确认", "操作提示"}


@dataclass(slots=True)
class AnsweredDialogs:
    """What was on the page before a click, and the dialogs that were answered since.

    `kind` is the list on the page, whose own buttons are no dialog's, and `own_row` the row that was worked.
    """

    kind: ListKind
    own_row: Node | None
    known: dict[Frame, frozenset[int]]
    document: JSHandle
    answered: dict[int, frozenset[str]] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)

    @classmethod
    def since(cls, before: PageSnapshot, kind: ListKind, own_row: Node | None) -> "AnsweredDialogs":
        """None is answered yet; all that `before` shows is known."""
        return cls(kind, own_row, before.ids(), before.parts[0].registry)

    def note(self, snapshot: PageSnapshot, dialog: Dialog) -> None:
        """From now on this dialog counts only once it says something else."""
        self.texts.append(dialog.text)
        self.known = {**self.known, **snapshot.ids()}
        self.answered[dialog.root.id] = _sentences(pieces_of(dialog))

    def next_in(self, snapshot: PageSnapshot, matter: Matter) -> Dialog | None:
        """Return what asks now: a new layer, or one that was answered and says something else since.

        What another page asks is no dialog of this one, whatever of it floats.
        """
        if snapshot.parts[0].registry is not self.document:
            return None
        known = {frame: ids - self._renewed(snapshot, frame) for frame, ids in self.known.items()}
        dialog = dialog_after(snapshot, known, self.kind, self.own_row, self._unchanged(snapshot))
        if dialog is None or (is_notice(dialog, matter) and any(map(is_answer, _sentences(pieces_of(dialog))))):
            return None
        return dialog

    def _renewed(self, snapshot: PageSnapshot, frame: Frame) -> set[int]:
        """The ids inside of layers that were answered: a kit shows the next question in the same ones."""
        shot = next((p.shot for p in snapshot.parts if p.frame is frame), None)
        roots = [shot.by_id(root) for root in self.answered] if shot is not None else []
        return {n.id for root in roots if root is not None and shot is not None for n in shot.inside(root)}

    def _unchanged(self, snapshot: PageSnapshot) -> set[int]:
        """The answered layers that still say anything of what they said."""
        shots = [p.shot for p in snapshot.parts]
        found = set()
        for root_id, sentences in self.answered.items():
            nodes = [(s, s.by_id(root_id)) for s in shots]
            now = {fold(n.text) for s, root in nodes if root is not None for n in s.inside(root) if n.text}
            if not now or now & sentences:
                found.add(root_id)
        return found


def _sentences(pieces: Iterable[Node]) -> frozenset[str]:
    """What a dialog says, without the titles that all of a kit's dialogs have."""
    return frozenset(fold(n.text) for n in pieces) - _TITLES
