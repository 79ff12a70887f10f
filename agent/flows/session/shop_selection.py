"""选择店铺: some log-ins lead to several shops, of which the account's is chosen, and no other."""

from agent.domain.login_errors import ShopNotNamed, WrongShop
from agent.domain.shop_names import ShopName
from agent.pages import login_words
from agent.pages.inference.adjoining import Lines
from agent.pages.inference.page_state import find_text
from agent.pages.live.page import LivePage
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot, PageSnapshot

_ARRIVAL_SECONDS = 8.0
_SECONDS = 20.0
_NAMES = 8


async def choose_shop(page: LivePage, title: str, shop: ShopName | None) -> None:
    """Choose `shop` if the page asks for one; do nothing if it does not.

    Raise ShopNotNamed without a `shop`, and WrongShop if it is not offered once, before any click.
    """
    snapshot = await page.settled(_ARRIVAL_SECONDS)
    if not _asks(snapshot):
        return
    if shop is None:
        raise ShopNotNamed(title, _offered(snapshot))
    reachable = [(part, node) for part in snapshot.parts for node in _named(part, shop) if node.top is not False]
    if len(reachable) != 1:
        raise WrongShop(shop.registered, _offered(snapshot))
    await page.click(*reachable[0])
    await page.settled(_SECONDS, lambda v: not _asks(v))


def _named(part: FrameSnapshot, shop: ShopName) -> list[Node]:
    """What shows the whole name; with 二店 beside it, it is another shop's."""
    lines = Lines(part.shot)
    exact = [n for n in part.shot.texts if n.folded in shop.spellings]
    return [n for n in exact if shop.is_drawn_as(*lines.around(n, lambda _: False))]


def _asks(snapshot: PageSnapshot) -> bool:
    return find_text(snapshot, login_words.CHOOSE_SHOP) is not None


def _offered(snapshot: PageSnapshot) -> str | None:
    """What stands below the request to choose, for the operator to find the right name in."""
    texts = [node for part in snapshot.parts for node in part.shot.texts if node.top is not False]
    asked = next((i for i, node in enumerate(texts) if login_words.CHOOSE_SHOP.search(node.folded)), -1)
    names = dict.fromkeys(node.text for node in texts[asked + 1 :] if len(node.text) > 2)
    return "、".join([*names][:_NAMES]) or None
