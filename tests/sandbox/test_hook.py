"""The tests' hook can lose the answer to any POST, before and after it is applied."""

from collections.abc import Callable
from time import monotonic

import httpx
import pytest

from agent.sandbox import Post, Sandbox
from agent.sandbox.core import posts
from tests.sandbox.clients import FILING, Seller, selling, working


def losing(stage: str, fate: str) -> Callable[[Post, str], str | None]:
    return lambda _, at: fate if at == stage else None


@pytest.mark.parametrize("stage", ["before", "after"])
def test_500(stage: str) -> None:
    with Sandbox(on_post=losing(stage, "500")) as box, selling(box) as seller:
        order = next(order for order in seller.merchant.taobao.orders if order.role == "awaiting")
        answer = seller.confirm(order.key)
        assert (answer.status_code, answer.json()["message"]) == (500, "系统繁忙，请稍后重试")
        assert (order.status == "交易成功") == (stage == "after")
        with working(box) as member:
            before = len(member.filings())
            assert "系统繁忙，请稍后重试" in member.file().text
            assert len(member.filings()) - before == (stage == "after")
        assert [(one["applied"], one["code"]) for one in box.truth()["log"]] == [(stage == "after", 500)] * 2


@pytest.mark.parametrize("stage", ["before", "after"])
def test_drop(stage: str) -> None:
    with Sandbox(on_post=losing(stage, "drop")) as box, working(box) as member:
        with pytest.raises(httpx.TransportError):
            member.apply("refundable")
        assert member.filing("refundable")["status"] == ("返款申请中" if stage == "after" else "报备中")
        assert [(one["applied"], one["code"]) for one in box.truth()["log"]] == [(stage == "after", 0)]


def test_a_browsers_own_repeat_is_not_a_second_post(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posts, "REPEAT_SECONDS", 60)
    with Sandbox(on_post=losing("after", "drop")) as box, working(box) as member:
        for number in ("1" * 19, "1" * 19, "2" * 19):
            with pytest.raises(httpx.TransportError):
                member.file(OrderNo=number)
        member.get(FILING)
        with pytest.raises(httpx.TransportError):
            member.file(OrderNo="2" * 19)  # the same again, from a page that was loaded anew
        truth = box.truth()
        assert (len(truth["log"]), truth["repeats"]) == (3, 1)


def test_hook_sees_every_post_but_the_log_in() -> None:
    seen: list[tuple[Post, str]] = []
    with Sandbox(on_post=lambda *told: seen.append(told)) as box, selling(box) as seller, working(box) as member:
        seller.confirm("c0")
        member.file(ShopName="")
        member.submit("/newc/SelfService/SaveDate", id="1", date="")
        member.apply("refundable")
    assert [(post.number, post.site, post.kind) for post, stage in seen if stage == "before"] == [
        (1, "taobao", "confirm"),
        (2, "backoffice", "file"),
        (3, "backoffice", "save_date"),
        (4, "backoffice", "refund"),
    ]
    assert [stage for _, stage in seen] == ["before", "after"] * 4
    assert seen[0][0].fields == {"confirmId": "c0"}
    assert not any("Token" in name for post, _ in seen for name in post.fields)


def test_the_sandbox_answers_while_a_hook_thinks() -> None:
    def look(_: Post, __: str) -> str | None:
        answers.append(httpx.get(f"{box.url}/_truth", trust_env=False).status_code)
        return None

    answers: list[int] = []
    with Sandbox(on_post=look) as box, selling(box) as seller:
        seller.confirm("c0")
    assert answers == [200, 200]


def test_latency() -> None:
    with Sandbox(latency=0.2) as box, Seller(box) as seller:
        began = monotonic()
        seller.get("/taobao/login")
        assert monotonic() - began >= 0.2


def test_starts_and_stops_quickly() -> None:
    began = monotonic()
    with Sandbox() as first, Sandbox() as second:
        assert first.port != second.port
    assert monotonic() - began < 5
    with pytest.raises(httpx.ConnectError):
        httpx.get(first.url, trust_env=False)
