"""Which lists may be the shop's orders for services, and which are surely lists of goods that it sold."""

from collections.abc import Mapping

import pytest

from agent.pages.inference.landmarks import Landmark, order_landmarks
from agent.pages.view import PageSnapshot
from tests.pages.test_inference import recorded
from tests.pages.test_list_parts import CHANGED, seen

OURS = ("网店管家云端版", "网店管家J系列")


def renamed(words: Mapping[str, str]) -> PageSnapshot:
    found = recorded(CHANGED)["orders"]
    for node in (n for raw in found for n in raw["nodes"]):
        node["text"] = words.get(node.get("text", ""), node.get("text", ""))
    return seen(found)


def test_a_list_with_a_row_of_ours_is_it_and_one_of_other_services_may_be() -> None:
    assert order_landmarks(renamed({}), OURS) == {Landmark.ORDERS}
    assert order_landmarks(renamed({}), ("快递助手专用版",)) == {Landmark.OTHER_ORDERS}


@pytest.mark.parametrize("beside", ["服务保障", "服务费", "软件服务费", "服务评分"])
def test_a_word_of_service_to_buyers_makes_no_list_of_goods_one_of_services(beside: str) -> None:
    goods = {"服务名称": "商品名称", "订购时间": "下单时间", "订购店铺": "店铺", "订购周期": "数量", "操作": beside}
    assert order_landmarks(renamed(goods), ("快递助手专用版",)) == frozenset()


@pytest.mark.parametrize("beside", ["商品标题", "售后单号", "买家", "物流单号"])
def test_a_list_that_speaks_of_buyers_and_goods_is_none_of_services(beside: str) -> None:
    assert order_landmarks(renamed({"操作": beside}), ("快递助手专用版",)) == frozenset()
