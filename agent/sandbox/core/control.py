"""The page on which a person sets what the simulated sites do next: what they ask for, what fails, and the date."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import fields, page, state_of
from agent.sandbox.core.model import PAID_OUT, REQUESTED, Challenge, Faults, Merchant
from agent.sandbox.core.state import State
from agent.sandbox.samples.workdays import nth_working_day

PATH = "/_control"
_MOST_DAYS = 500
CHALLENGES: dict[Challenge, str] = {
    "slider": "滑块",
    "sms": "短信验证码",
    "totp": "动态口令（仅阿里系平台）",
    "approval": "App 确认（仅阿里系平台）",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that can be switched on: what it is called, and how to switch it."""

    title: str
    switch: Callable[[Faults, bool], None]


def _setting(name: str, on: object, off: object) -> Callable[[Faults, bool], None]:
    return lambda faults, wanted: setattr(faults, name, on if wanted else off)


FAULTS = {
    "slow": Fault("每次响应慢 2 秒", _setting("latency", 2.0, 0.0)),
    "logged_out": Fault("每登录 3 个请求后掉线", _setting("expire_session_after", 3, None)),
    "wrong_shop": Fault("页面显示另一家店铺", _setting("shop_name", "另一家店铺", None)),
    "unknown_status": Fault("一笔网店管家订单显示未知状态“处理异常”", _setting("unknown_status", True, False)),
    "blank_number": Fault("一笔已完成的订单没有编号", _setting("blank_number", True, False)),
    "missing_column": Fault("订单列表缺少“订单状态”列", _setting("drop_column", "订单状态", None)),
    "empty": Fault("没有任何订单", _setting("empty", True, False)),
    "broken_list": Fault("订单列表打不开", _setting("broken_list", True, False)),
    "agreement": Fault("淘宝要求先签新协议", _setting("agreement", True, False)),
    "punish": Fault("淘宝订单页弹出验证页面", _setting("frame_punish", True, False)),
    "costs": Fault("授权页面要求先付款", _setting("authorization_costs", True, False)),
}


def switch(state: State, challenge: str | None, wanted: Collection[str]) -> None:
    """Let log-ins ask for `challenge`, switch the `wanted` faults on and all others off; other names mean nothing."""
    state.faults.challenge = next((kind for kind in CHALLENGES if kind == challenge), None)
    state.switched = {*wanted} & {*FAULTS}
    for name, fault in FAULTS.items():
        fault.switch(state.faults, name in wanted)


def let_pass(state: State, working_days: int) -> None:
    """Let it be so many working days later: all that the sites hold becomes that much older, and today stays today.

    Whoever uses the sites goes by a clock of its own, which nobody can set.
    """
    older = _span(state.today, working_days)
    state.passed += working_days
    for merchant in state.merchants:
        _age(merchant, older)


def _span(today: date, working_days: int) -> timedelta:
    """How long ago so many working days begin, if they end today."""
    days = (timedelta(days=number) for number in count(0))
    return next(span for span in days if not working_days or nth_working_day(today - span, working_days) <= today)


def _age(merchant: Merchant, older: timedelta) -> None:
    for shop in merchant.shops.values():
        shop.authorized_until -= older
        for order in shop.orders:
            order.ordered_at -= older
            if order.expires != "--":
                order.expires = f"{datetime.fromisoformat(order.expires) - older:%Y-%m-%d %H:%M:%S}"
    for filing in (*merchant.filings, *merchant.applications):
        if filing.date:
            filing.date = (date.fromisoformat(filing.date) - older).isoformat()


def pay(state: State) -> None:
    """Let the money of every requested refund arrive."""
    for merchant in state.merchants:
        for filing in (*merchant.filings, *merchant.applications):
            filing.status = PAID_OUT if filing.status == REQUESTED else filing.status


async def show(request: Request) -> Response:
    state = state_of(request)
    values: dict[str, object] = {
        "challenges": CHALLENGES,
        "challenge": state.faults.challenge or "",
        "faults": {name: fault.title for name, fault in FAULTS.items()},
        "on": state.switched,
        "today": state.today.isoformat(),
        "passed": state.passed,
        "codes": [code for code in state.codes if code.digits],
    }
    return page("control.html", values)


async def change(request: Request) -> Response:
    """Take what the page sends: `act` names the button."""
    state, form = state_of(request), await fields(request)
    act = form.get("act", "switch")
    if act == "switch":
        switch(state, form.get("challenge"), form)
    elif act == "later":
        days = form.get("days", "")
        let_pass(state, int(days) if days.isdecimal() and int(days) <= _MOST_DAYS else 0)
    elif act == "pay":
        pay(state)
    elif act == "log_out":
        state.sessions.clear()
    elif act == "approve":
        state.approved |= {merchant.id for merchant in state.merchants}
    return RedirectResponse(PATH, 303)


routes = [Route(PATH, show), Route(PATH, change, methods=["POST"])]
