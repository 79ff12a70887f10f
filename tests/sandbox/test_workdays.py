from datetime import date, timedelta

import pytest

from agent.sandbox.samples import workdays


@pytest.mark.parametrize(
    ("platform", "ordered", "due"),
    [
        ("淘宝", date(2026, 9, 30), date(2026, 10, 13)),  # the holidays, and a Saturday that was worked
        ("天猫", date(2026, 11, 16), date(2026, 11, 23)),
        ("京东", date(2026, 10, 26), date(2026, 11, 23)),
        ("拍拍", date(2026, 12, 31), date(2027, 2, 28)),
        ("一号店", date(2024, 2, 29), date(2025, 2, 28)),
        ("有赞", date(2026, 11, 23), date(2026, 11, 23)),
    ],
)
def test_due(platform: str, ordered: date, due: date) -> None:
    assert workdays.due(platform, ordered) == due
    assert workdays.refusal(platform, ordered, due) is None
    assert workdays.refusal(platform, ordered, due - timedelta(days=1)) or due == ordered


def test_refusal_names_the_period() -> None:
    assert (
        workdays.refusal("京东", date(2026, 11, 20), date(2026, 11, 23)) == "订购时间未满20个工作日，暂时无法申请返款"
    )
    assert workdays.refusal("拍拍", date(2026, 11, 20), date(2026, 11, 23)) == "订购时间未满2个月，暂时无法申请返款"


def test_latest_due_is_the_edge() -> None:
    today = date(2026, 11, 23)
    edge = workdays.latest_due("淘宝", today)
    assert edge == date(2026, 11, 16)
    assert workdays.due("淘宝", edge + timedelta(days=1)) > today
