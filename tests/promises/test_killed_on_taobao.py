"""Promise 2 where it is hardest: the simulated Taobao tells an order's number only once the order is confirmed."""

import signal
from collections import Counter
from datetime import date
from pathlib import Path

from agent.sandbox import Sandbox
from agent.sandbox.core.model import Post
from tests.flows.home import Home
from tests.support.processes import Agent, later

TODAY = date(2026, 11, 23)
# After: the site has done it, and nobody hears of it.
MOMENTS = [("confirm", "after"), ("file", "after"), ("refund", "after")]


class Killer:
    """Kills the running agent the first time that each of the moments comes."""

    def __init__(self) -> None:
        self.agent: Agent | None = None
        self.left = list(MOMENTS)

    def __call__(self, post: Post, stage: str) -> str | None:
        if self.agent is None or (post.kind, stage) not in self.left:
            return None
        self.left.remove((post.kind, stage))
        self.agent.kill()
        return "drop"


def smaller(box: Sandbox) -> None:
    """Leaves two orders of ours that await confirmation, one of them due for its refund, and another vendor's."""
    (merchant,) = box.state.merchants
    awaiting = [o for o in merchant.taobao.orders if o.role == "awaiting"]
    others = [o for o in merchant.taobao.orders if o.role == "other_awaiting"]
    merchant.taobao.orders[:] = [awaiting[0], others[0], awaiting[-1]]
    merchant.filings.clear()


def applied(box: Sandbox) -> Counter[tuple[str, str]]:
    return Counter((p["kind"], p["order_no"]) for p in box.truth()["log"] if p["applied"])


def test_killed_while_numbers_are_hidden_the_next_run_goes_on(tmp_path: Path) -> None:
    killer = Killer()
    with Sandbox(shops=[["taobao"]], today=TODAY, on_post=killer) as box:
        smaller(box)
        wanted = box.truth()["expected"]["m1"]
        assert (len(wanted["confirm"]), len(wanted["file"]), len(wanted["refund"])) == (2, 2, 1)
        home = Home(tmp_path, box, day=TODAY)
        statuses = []
        for run in range(len(MOMENTS) + 1):
            with later(home.config, minutes=10 * run, day=TODAY.isoformat()) as killer.agent:
                status, _, told = killer.agent.wait()
            statuses.append(status)
            assert set(applied(box).values()) <= {1}, told
            if status == 0:
                break
        assert statuses == [-signal.SIGKILL] * len(MOMENTS) + [0]
        done = {(kind, number) for kind in ("confirm", "file", "refund") for number in wanted[kind]}
        assert set(applied(box)) == done
        assert box.truth()["purchases"] == 0
