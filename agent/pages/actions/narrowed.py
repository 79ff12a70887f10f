"""What narrows the list of a page, in the frame in which it stands."""

from dataclasses import dataclass

from agent.pages.inference.filters import narrowings
from agent.pages.inference.list_kind import ListKind
from agent.pages.inference.located_list import find_list
from agent.pages.inference.narrowing import Narrowing
from agent.pages.inference.place import Place
from agent.pages.view import FrameSnapshot, PageSnapshot


@dataclass(frozen=True, slots=True)
class Found:
    """Something that narrows the list, in the frame in which it stands."""

    part: FrameSnapshot
    place: Place
    one: Narrowing


def narrow_in(snapshot: PageSnapshot, kind: ListKind) -> list[Found]:
    """All that narrows the list of the page as it is now."""
    located = find_list(snapshot, kind)
    found = []
    for part in snapshot.parts:
        place = Place(part.shot, located.parsed if located is not None and located.part is part else None)
        found += [Found(part, place, one) for one in narrowings(place, kind.states, kind.vocabulary)]
    return found
