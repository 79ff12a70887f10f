"""What a list showed, with what is known to be missing of it."""

from collections.abc import Iterable
from typing import TypeVar

from agent.domain.text import Text
from agent.domain.unread import UnreadRow

T = TypeVar("T")


class Listed(list[T]):
    """The rows that were read. `missing` says what is not among them; nothing if the list is whole.

    That a row is not among those of a list that is not whole says nothing. `known`: the rows are those of an earlier
    reading, which a look at the first page showed to be enough. `unread` are rows that were there and not understood,
    and `shop` is whose page it surely is, as the page itself says.
    """

    def __init__(
        self,
        rows: Iterable[T] = (),
        missing: Iterable[Text] = (),
        *,
        known: bool = False,
        unread: Iterable[UnreadRow] = (),
        shop: str | None = None,
    ) -> None:
        super().__init__(rows)
        self.missing, self.known, self.unread, self.shop = tuple(missing), known, tuple(unread), shop
