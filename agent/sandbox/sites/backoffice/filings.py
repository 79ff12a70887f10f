"""What the back office does with its forms: takes filings in, fills dates in, takes refund requests."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from agent.sandbox.core.answers import local, redirect, state_of
from agent.sandbox.core.model import FILED, REQUESTED, Filing, Merchant
from agent.sandbox.core.posts import Act, Outcome
from agent.sandbox.samples import workdays

LOGIN, FILING, REFUND = "/newc/Account/Login", "/newc/SelfService/Filing", "/newc/Refund"
GUARD, TIP = "__RequestVerificationToken", "newc_tip"
LABELS = {
    "Platform": "平台名称",
    "ShopName": "店铺名称",
    "OrderNo": "订单编号",
    "OrderDate": "订购日期",
    "Amount": "订购金额",
}
BANK_LABELS = {"Bank": "开户银行", "Holder": "户名", "Account": "银行账号"}
WRONG_STATE = "当前状态不可操作"
NO_FILING = "当前版本无需报备，请在“订购返款”中直接申请"

Members = Callable[[Request, Merchant, dict[str, str]], Outcome]


@dataclass(slots=True)
class Form:
    """The filing form as it is shown: empty, or as it was refused."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def guarded(request: Request, form: dict[str, str]) -> bool:
    cookie = request.cookies.get(GUARD, "")
    return cookie != "" and form.get(GUARD, "").startswith(cookie)


def unguarded() -> Response:
    return HTMLResponse("<!doctype html><title>400</title><h1>400</h1><p>防伪验证失败，请刷新页面后重试</p>", 400)


def members_only(do: Members) -> Act:
    def act(request: Request, merchant: Merchant | None, form: dict[str, str]) -> Outcome:
        if merchant is None:
            return Outcome(redirect(LOGIN))
        return do(request, merchant, form) if guarded(request, form) else Outcome(unguarded())

    return act


def tip(request: Request) -> tuple[bool, str] | None:
    """What the last answer left for this page to say: whether all went well, and the words."""
    good, _, text = request.cookies.get(TIP, "").partition(".")
    return (good == "1", unquote(text)) if text else None


def _back(form: dict[str, str], text: str, *, good: bool = False) -> Response:
    response = redirect(local(form.get("ReturnUrl", ""), "/newc", FILING))
    response.set_cookie(TIP, f"{int(good)}.{quote(text)}", path="/newc", httponly=True, samesite="lax")
    return response


def adder(show: Callable[[Request, Merchant, Form], Response], platforms: list[str]) -> Act:
    """Take a filing in, whether or not there is one of that number already; `show` draws a refused form again."""

    def add(request: Request, merchant: Merchant, form: dict[str, str]) -> Outcome:
        if not merchant.files:
            return Outcome(_back({}, NO_FILING))
        values = {name: form.get(name, "") for name in LABELS}
        if errors := _errors(values, platforms):
            return Outcome(show(request, merchant, Form(values, errors)), order_no=values["OrderNo"])
        merchant.filings.insert(0, _made(values, merchant.filings))
        return Outcome(_back({}, "添加成功", good=True), applied=True, order_no=values["OrderNo"])

    return members_only(add)


def _made(values: dict[str, str], listed: list[Filing]) -> Filing:
    number = max((filing.id for filing in listed), default=0) + 1
    platform, shop, order_no, day, amount = (values[name] for name in LABELS)
    return Filing(number, platform, shop, order_no, day, amount)


def _errors(values: dict[str, str], platforms: list[str]) -> dict[str, str]:
    errors = {name: f"请填写{label}" for name, label in LABELS.items() if not values[name]}
    if values["Platform"] not in platforms:
        errors["Platform"] = "请选择平台名称"
    if values["OrderDate"] and not _is_date(values["OrderDate"]):
        errors["OrderDate"] = "订购日期格式不正确"
    if values["Amount"] and not re.fullmatch(r"\d{1,7}(\.\d{1,2})?", values["Amount"]):
        errors["Amount"] = "订购金额格式不正确"
    return errors


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@members_only
def save_date(_: Request, merchant: Merchant, form: dict[str, str]) -> Outcome:
    filing, day = merchant.filing(form.get("id", "")), form.get("date", "")
    if filing is None or filing.date or filing.status != FILED:
        return Outcome(_back(form, WRONG_STATE), order_no=filing.order_no if filing else "")
    if not _is_date(day):
        return Outcome(_back(form, "订购日期格式不正确" if day else "请填写订购日期"), order_no=filing.order_no)
    filing.date = day
    return Outcome(_back(form, "保存成功", good=True), applied=True, order_no=filing.order_no)


def refusal(filing: Filing, today: date) -> str | None:
    """Why the refund of `filing` cannot be requested now."""
    if filing.status != FILED or not filing.date:
        return WRONG_STATE
    return workdays.refusal(filing.platform, date.fromisoformat(filing.date), today)


@members_only
def apply(request: Request, merchant: Merchant, form: dict[str, str]) -> Outcome:
    filing = merchant.filing(form.get("id", ""))
    if filing is None:
        return Outcome(_back(form, WRONG_STATE))
    if message := refusal(filing, state_of(request).today) or _payee_fault(form):
        return Outcome(_back(form, message), order_no=filing.order_no)
    filing.bank, filing.holder, filing.account = (form[name] for name in BANK_LABELS)
    filing.status = REQUESTED
    return Outcome(_back(form, "提交成功，请等待财务审核", good=True), applied=True, order_no=filing.order_no)


def direct_applier(platforms: list[str]) -> Act:
    """Take an application that needs no filing in, whether or not there is one of that number already."""

    def apply_directly(request: Request, merchant: Merchant, form: dict[str, str]) -> Outcome:
        values = {name: form.get(name, "") for name in LABELS}
        if message := _direct_fault(merchant, values, platforms, state_of(request).today) or _payee_fault(form):
            return Outcome(_back(form, message), order_no=values["OrderNo"])
        made = _made(values, merchant.applications)
        made.bank, made.holder, made.account = (form[name] for name in BANK_LABELS)
        made.status = REQUESTED
        merchant.applications.insert(0, made)
        return Outcome(_back(form, "提交成功，请等待财务审核", good=True), applied=True, order_no=made.order_no)

    return members_only(apply_directly)


def _direct_fault(merchant: Merchant, values: dict[str, str], platforms: list[str], today: date) -> str | None:
    if merchant.files:
        return WRONG_STATE
    if errors := _errors(values, platforms):
        return next(iter(errors.values()))
    return workdays.refusal(values["Platform"], date.fromisoformat(values["OrderDate"]), today)


def _payee_fault(form: dict[str, str]) -> str | None:
    if empty := [label for name, label in BANK_LABELS.items() if not form.get(name)]:
        return f"请填写{empty[0]}"
    account = re.sub(r"\s", "", form["Account"])
    alipay = "@" in account or re.fullmatch(r"1[3-9]\d{9}", account)
    return "不支持支付宝返款，请填写银行账户信息" if alipay else None
