"""Which recorded answer a request gets when a recording is replayed."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from urllib.parse import parse_qsl, urldefrag, urlsplit

from agent.recording.exchange import Exchange


class Answers:
    """The answers of a recording, each given once for as long as there is another one that fits as well.

    An answer is to the same method and page; among several the one whose query and form have most in common: what sites
    add to each request, such as a time and its signature, is another one each time.
    """

    def __init__(self, exchanges: Iterable[Exchange]) -> None:
        self._by_page: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
        self._given: Counter[int] = Counter()
        self.missing: list[str] = []
        for each in exchanges:
            self._by_page[each.method, _page(each.address)].append(each)

    def to(self, method: str, address: str, posted: str) -> Exchange | None:
        """The answer to a request; None if nothing like it was recorded, which is noted in `missing`."""
        offered = self._by_page.get((method, _page(address)), [])
        asked = _asked(address, posted)
        if not offered:
            self.missing.append(f"{method} {_page(address)}")
            return None
        best = max(offered, key=lambda e: (_likeness(asked, _asked(e.address, e.posted)), -self._given[id(e)]))
        self._given[id(best)] += 1
        return best


def _page(address: str) -> str:
    return urldefrag(address)[0].partition("?")[0]


def _asked(address: str, posted: str) -> frozenset[tuple[str, ...]]:
    query = parse_qsl(urlsplit(address).query, keep_blank_values=True)
    return _marked("?", query) | _form(posted)


def _marked(mark: str, pairs: Iterable[tuple[str, str]]) -> frozenset[tuple[str, ...]]:
    return frozenset((mark, *pair) for pair in pairs)


def _form(posted: str) -> frozenset[tuple[str, ...]]:
    try:
        data = json.loads(posted)
    except ValueError:
        return _marked(">", parse_qsl(posted, keep_blank_values=True))
    if isinstance(data, dict):
        return _marked(">", ((str(name), json.dumps(value)) for name, value in data.items()))
    return frozenset({(">", posted)})


def _likeness(asked: frozenset[tuple[str, ...]], offered: frozenset[tuple[str, ...]]) -> int:
    return 2 * len(asked & offered) - len(asked ^ offered)
