"""The shop that a page names behind a label, also where its list is empty."""

from typing import cast

import pytest
from playwright.async_api import Frame, JSHandle

from agent.domain.login_errors import WrongShop
from agent.domain.shop_names import ShopName
from agent.flows.steps.shop_identity import ShopSigns
from agent.pages.view import FrameSnapshot, PageSnapshot
from tests.pages.made import lines, snapshot

OURS = "锦绣家居旗舰店"


def signs(*text: str) -> ShopSigns:
    part = FrameSnapshot(cast("Frame", object()), snapshot(*lines(*text)), cast("JSHandle", object()))
    found = ShopSigns(ShopName(OURS))
    found.add_view(PageSnapshot((part,)), [])
    return found


def test_a_page_without_rows_names_its_shop_behind_a_label() -> None:
    signs(f"当前店铺：{OURS}", "暂无数据").check([])


def test_another_shop_behind_the_label_is_another_shop() -> None:
    with pytest.raises(WrongShop):
        signs(f"当前店铺：{OURS}（二店）", "暂无数据").check([])
