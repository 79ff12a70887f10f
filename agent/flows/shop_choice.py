"""选择店铺: some log-ins lead to several shops, of which the account's is chosen, and no other."""

from agent.domain.errors import ShopNotNamed, WrongShop
from agent.domain.text import fold
from agent.pages import words
from agent.pages.condition import said
from agent.pages.window import View, Window

_ARRIVAL_SECONDS = 8.0
_SECONDS = 20.0


async def choose_shop(window: Window, site: str, shop: str | None) -> None:
    """Chooses `shop` where the page asks for one; does nothing where it does not.

    Raises ShopNotNamed without a `shop`, and WrongShop where it is not among those that are offered, before any click.
    """
    view = await window.settled(_ARRIVAL_SECONDS)
    if not _asks(view):
        return
    if shop is None:
        raise ShopNotNamed(site)
    offered = [(part, node) for part in view.parts for node in part.shot.texts if fold(node.text) == fold(shop)]
    reachable = [(part, node) for part, node in offered if node.top is not False]
    if len(reachable) != 1:
        raise WrongShop(shop, None)
    await window.click(*reachable[0])
    await window.settled(_SECONDS, lambda v: not _asks(v))


def _asks(view: View) -> bool:
    return said(view, words.CHOOSE_SHOP) is not None
