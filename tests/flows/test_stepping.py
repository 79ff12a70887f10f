"""A person who watches decides on each consequential click: nothing is clicked that was not agreed to."""

from pathlib import Path

from agent.domain.errors import Outcome
from agent.domain.report import StepKind, StepResult
from agent.flows.steps.oversight import AboutToClick, Decision
from agent.pages import vocabulary
from agent.sandbox import Sandbox
from tests.flows.home import Home


class Watcher:
    """Answers in the order of a list, the last answer for all that follow, and notes what it was asked."""

    def __init__(self, *answers: Decision) -> None:
        self.answers, self.asked = [*answers], list[AboutToClick]()
        self.stopped = False

    async def decide(self, click: AboutToClick) -> Decision:
        self.asked.append(click)
        assert await click.focus.boxes(), click.button
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.stopped |= answer is Decision.STOP
        return answer


def confirmed(box: Sandbox) -> list[str]:
    return [e["order_no"] for e in box.truth()["log"] if e["applied"] and e["kind"] == "confirm"]


async def test_nothing_is_clicked_that_was_not_agreed_to(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        watcher = Watcher(Decision.SKIP_STEP, Decision.GO_ON, Decision.SKIP_ORDER)
        report = await home.account(overseer=watcher)
        assert report.outcome is Outcome.OK, report.text
        assert len(confirmed(box)) == 1
        assert {e["kind"] for e in box.truth()["log"] if e["applied"]} == {"confirm"}
        assert [a.result for a in report.actions if a.reason == "skipped"] == [StepResult.WAITING] * (
            len(watcher.asked) - 1
        )
        first = watcher.asked[0]
        assert (first.kind, first.button) == (StepKind.CONFIRM, "确认")
        orders = [click.order.key for click in watcher.asked[2:]]
        assert len(orders) == len(set(orders))  # an order that was left out is not asked for again

        again = await home.account(overseer=Watcher(Decision.GO_ON))
        assert again.outcome is Outcome.OK, again.text
        assert sorted(confirmed(box)) == sorted(box.truth()["expected"]["m1"]["confirm"])


async def test_a_request_is_asked_for_before_its_form_is_opened(tmp_path: Path) -> None:
    with Sandbox(shops=[["suning"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        watcher = Watcher(Decision.SKIP_STEP)
        report = await home.account(overseer=watcher)
        assert report.outcome is Outcome.OK, report.text
        requests = [click for click in watcher.asked if click.kind is StepKind.REQUEST_REFUND]
        assert requests
        assert all(vocabulary.is_one_of(click.button, vocabulary.REFUND) for click in requests)
        assert box.truth()["log"] == []


async def test_no_step_is_begun_after_a_stop(tmp_path: Path) -> None:
    with Sandbox(shops=[["taobao"]]) as box:
        home = Home(tmp_path, box, day=box.state.today)
        watcher = Watcher(Decision.GO_ON, Decision.STOP)
        await home.account(overseer=watcher, stopping=lambda: watcher.stopped)
        assert len(watcher.asked) == 2
        assert len(confirmed(box)) == 1
