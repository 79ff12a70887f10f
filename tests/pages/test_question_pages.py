"""A page that follows a click on 确认: it goes on if it speaks of the order alone, and stops at anything else."""

from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.async_api import Frame, JSHandle

from agent.pages.inference.dialogs import CONFIRM, matter_of
from agent.pages.inference.question_pages import asked_besides
from agent.pages.view import FrameSnapshot
from tests.pages.made import El, button, lines, link, snapshot
from tests.pages.test_order_page import OURS, told

MATTER = matter_of(CONFIRM, OURS, ("锦绣家居旗舰店",))
FACTS = lines(*told(OURS))
YES = button("确定")


def besides(*inside: El, scope: str = "main") -> str | None:
    shot = snapshot(El(scope, inside=inside))
    part = FrameSnapshot(cast("Frame", object()), shot, cast("JSHandle", object()))
    around = next(n for n in shot.nodes if n.tag == scope)
    return asked_besides(part, around, next(n for n in shot.nodes if n.text == "确定"), MATTER)


def table(*rows: tuple[str, ...]) -> El:
    head, *cells = rows
    lines_of = [El("tr", inside=[El("th", text) for text in head])]
    lines_of += [El("tr", inside=[El("td", text) for text in row]) for row in cells]
    return El("table", inside=lines_of)


def called(name: str, *inside: El) -> El:
    return El("div", inside=inside, more={"attrs": {"class": name}})


ORDINARY: dict[str, tuple[El, ...]] = {
    "a bare question": (El("h2", "确认订单"), *FACTS, El("p", "确认后货款将支付给服务商，是否确认？"), YES),
    "a table": (
        El("h2", "订单信息"),
        table(
            ("订单编号", "服务名称", "版本", "周期", "服务商", "实付金额", "订单状态"),
            ("3391000000000000011", "网店管家J系列", "企业版", "12个月", "杭州笛佛软件有限公司", "¥62.80", "待确认"),
        ),
        El("p", "请确认您已收到该服务"),
        YES,
    ),
    "a list of terms": (
        El("dl", inside=[El("dt", "买家昵称"), El("dd", "tb_锦绣"), El("dt", "支付方式"), El("dd", "支付宝")]),
        *FACTS,
        YES,
    ),
    "pairs of spans": (
        El("div", inside=[El("span", "服务商："), El("span", "杭州笛佛软件有限公司")]),
        El("div", inside=[El("span", "联系电话："), El("span", "0571-88888888")]),
        *FACTS,
        YES,
    ),
    "labelled lines": (
        *FACTS,
        *lines("服务商：杭州笛佛软件有限公司", "版本：企业版", "付款时间：2026-06-18 21:40:02"),
        YES,
    ),
    "a frame by its tags": (
        El("header", inside=[El("span", "营销中心"), link("数据参谋"), link("直播")]),
        El("nav", inside=[link("首页"), link("营销推广"), link("金融服务")]),
        *FACTS,
        YES,
        El("footer", inside=lines("© 2026 某服务市场 浙ICP备12345678号", "关于我们 法律声明")),
    ),
    "a frame by its classes": (
        called("layout-header-wrap", El("span", "千牛商家工作台"), link("贷款")),
        called("ant-breadcrumb breadcrumb", link("首页"), El("span", "/"), El("span", "订单确认")),
        *FACTS,
        YES,
    ),
    "a menu without a name": (
        called("x1", link("商品"), link("交易"), link("营销"), link("资金")),
        *FACTS,
        YES,
    ),
    "steps": (called("steps", *lines("买家拍下", "付款", "确认服务", "评价")), *FACTS, YES),
    "ways to elsewhere": (*FACTS, link("返回订单列表"), link("联系客服"), link("复制"), YES),
    "bold words in a sentence": (
        *FACTS,
        El("p", inside=[El("span", "确认后货款将支付给"), El("b", "服务商"), El("span", "，不可撤销")]),
        YES,
    ),
    "pairs without a colon": (
        El("div", inside=[El("label", "联系人"), El("span", "张三 138****0000")]),
        El("div", inside=[El("div", "售后客服"), El("div", "0571-88888888")]),
        table(("订单编号", "优惠金额"), ("3391000000000000011", "¥0.00")),
        *FACTS,
        YES,
    ),
    "how it was served, and until when": (
        *lines(
            "服务方式：在线交付", "还剩 6 天 23 小时自动确认", "合计：¥62.80", "服务有效期：2026-06-18 至 2027-06-18"
        ),
        *FACTS,
        YES,
    ),
    "headings": (El("h3", "服务信息"), El("div", "买家信息"), *FACTS, YES),
}
SELLING = (
    "确认即加入先享计划",
    "点击确定后将升级为尊享会员",
    "同时加入商家成长计划，首月0元",
    "您同意《平台数据共享约定》",
    "确认后自动参与返现活动",
    "确定后将向您的手机发送营销信息",
    "本页确认视为接受新版合作规范",
    "首月体验价，次月起恢复原价",
    "将委托平台代为管理店铺",
    "放弃本单的售后权利",
)


# What is sold besides in the shape of a fact.
SOLD_AS_FACTS: dict[str, Sequence[El]] = {
    "another service": lines("增值服务：数据参谋专业版"),
    "a renewal": lines("续约：是"),
    "what comes after": (El("div", inside=[El("span", "下期周期："), El("span", "每月")]),),
    "another sum": (table(("订单编号", "套餐", "价格"), ("3391000000000000011", "旗舰版", "¥99.00")),),
    "an item of a list": (table(("项目", "金额"), ("服务质保", "¥9.90")),),
    "what is let in": (El("dl", inside=[El("dt", "数据范围"), El("dd", "订单、商品、客户")]),),
    "a period that goes on": lines("服务期：到期顺延"),
    "a contract": lines("文件：《年度合作合同》"),
    "terms in the site's frame": (El("footer", inside=lines("点击确定即视为开通商家险")),),
    "terms in a menu": (called("nav tips", *lines("确认即同意开通会员")),),
}


@pytest.mark.parametrize("name", SOLD_AS_FACTS)
def test_a_page_that_sells_besides_in_the_shape_of_a_fact_stops(name: str) -> None:
    assert besides(*FACTS, *SOLD_AS_FACTS[name], YES) is not None


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_page_of_the_order_goes_on(name: str) -> None:
    assert besides(*ORDINARY[name]) is None


@pytest.mark.parametrize("text", SELLING)
@pytest.mark.parametrize(
    "draw",
    [
        lambda text: El("p", text),
        lambda text: El("p", f"温馨提示：{text}"),
        lambda text: El("p", f"服务说明：{text}"),
        lambda text: El("small", text),
        lambda text: El("h3", text),
        link,
        lambda text: table(("订单编号", "说明"), ("3391000000000000011", text)),
        lambda text: table(("订单编号", "备忘"), ("3391000000000000011", text)),
        lambda text: called("tips", El("span", "服务："), El("span", text)),
    ],
    ids=["line", "tip", "explanation", "small print", "heading", "link", "cell", "other cell", "pair"],
)
def test_what_sells_in_words_that_nobody_knows_stops_it(text: str, draw: object) -> None:
    assert callable(draw)
    assert besides(El("h2", "确认订单"), *FACTS, draw(text), YES) is not None


@given(st.sampled_from(sorted(ORDINARY)), st.sampled_from(SELLING), st.integers(0, 20))
def test_it_stops_wherever_such_words_stand(name: str, text: str, at: int) -> None:
    inside = [*ORDINARY[name]]
    inside.insert(min(at, len(inside)), El("p", text))
    assert besides(*inside) is not None
