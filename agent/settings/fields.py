"""What may stand in a setting: each kind of value as it is kept, and what is said if it is wrong."""

import re
from datetime import date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationInfo
from pydantic_core import PydanticCustomError

from agent.domain.addresses import Verdict, address_problem
from agent.domain.deadlines import FIRST, LAST, RefundRule
from agent.domain.errors import UsageError
from agent.domain.orders import OrderStatus
from agent.domain.text import Text, fold
from agent.settings.words import FIELDS, Refusal, bad_confirm_word, bad_number, bad_word

_SHORTEST_SECRET = 16


def _wrong(verdict: Verdict) -> PydanticCustomError:
    reason, cure = verdict
    return PydanticCustomError("told", "{en}", {"en": reason.en, "reason": reason, "cure": cure})


def _address(url: str, info: ValidationInfo) -> str:
    if verdict := address_problem(url, allow_http=bool(info.data.get("allow_http"))):
        raise _wrong(verdict)
    return url


def _rule(text: object) -> RefundRule | None:
    if text is None or isinstance(text, RefundRule):
        return text
    try:
        return RefundRule.parse(str(text))
    except UsageError as error:
        reason = Text("is not a waiting period", "不是有效的等待期")
        raise _wrong((reason, error.text)) from error


def as_channel(url: SecretStr) -> SecretStr:
    if not re.match(r"[a-z][a-z0-9+.-]*://\S", url.get_secret_value(), re.IGNORECASE):
        raise _wrong(
            (
                Text("is no address of a channel", "不是有效的通知地址"),
                Text(
                    "Write it as Apprise has it, such as dingtalk://SECRET@TOKEN.",
                    "请按 Apprise 的格式填写，例如 dingtalk://SECRET@TOKEN。",
                ),
            )
        )
    return url


def as_webhook(secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
    if secret is None:
        return None
    if len(secret.get_secret_value()) < _SHORTEST_SECRET:
        reason = Text("is too short to sign with", "太短，不能用于签名")
        cure = Text(
            "Use 16 characters or more, by chance: openssl rand -hex 32",
            "请使用 16 位以上的随机字符：openssl rand -hex 32",
        )
        raise _wrong((reason, cure))
    url = info.data.get("url")
    if url is not None and (verdict := address_problem(url.get_secret_value(), allow_http=False)):
        raise _wrong(verdict)
    return secret


def as_bucket(url: str) -> str:
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]*(/[\w.-]+)*/?", url, re.ASCII):
        raise _wrong(
            (
                Text("is no address of a bucket", "不是存储桶地址"),
                Text("Write it like s3://bucket/folder.", "请写成 s3://存储桶/目录。"),
            )
        )
    return url


def _hours(text: object) -> object:
    if isinstance(text, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", text, re.ASCII):
        begin, end = text.split("-")
        return time.fromisoformat(begin), time.fromisoformat(end)
    if isinstance(text, tuple):
        return text
    raise _wrong(
        (
            Text("is no span of hours", "不是有效的时间段"),
            Text(
                "Write it as HH:MM-HH:MM, such as 08:00-22:00; it may go past midnight.",
                "请写成 HH:MM-HH:MM，例如 08:00-22:00，可跨零点。",
            ),
        )
    )


def as_filled(path: object) -> object:
    # Otherwise the empty path would quietly be the working directory.
    if path == "":
        raise _wrong((Text("is empty", "为空"), Text("Fill it in or leave it out.", "请填写或删除该项。")))
    return path


def as_day(given: object) -> date:
    """Text in the full form, or TOML's own dates; pydantic alone would take numbers for days, too."""
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    try:
        if isinstance(given, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", given, re.ASCII):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise _wrong(
        (
            Text("is no date", "不是日期"),
            Text("Write it as YYYY-MM-DD, such as 2027-01-01.", "请写成 YYYY-MM-DD，例如 2027-01-01。"),
        )
    )


def as_likely(day: date) -> date:
    if FIRST <= day <= LAST:
        return day
    raise _wrong(
        (
            Text("is no likely day of a notice", "不像是节假日通知中的日期"),
            Text(f"Give one from {FIRST} to {LAST}.", f"请填写 {FIRST} 至 {LAST} 之间的日期。"),
        )
    )


def as_make_up_day(day: date, info: ValidationInfo) -> date:
    if day in info.data.get("holidays", ()):
        raise _wrong(
            (
                Text("is among the holidays, too", "同时也在 holidays 中"),
                Text("Leave it in one of the two lists.", "请只保留在其中一个列表里。"),
            )
        )
    if day.weekday() < 5:
        raise _wrong(
            (
                Text("is no Saturday or Sunday", "不是周六或周日"),
                Text(
                    "List here only the days that are worked at a weekend (调休上班); days off go into holidays.",
                    "此处只填写调休上班的周六、周日；放假日请写入 holidays。",
                ),
            )
        )
    return day


def as_aliases(given: dict[str, str]) -> dict[str, str]:
    if idle := next((drawn for drawn, meant in given.items() if fold(drawn) == fold(meant)), None):
        raise _wrong(
            (
                Text(f"“{idle}” stands for itself", f"“{idle}”与对应的店铺名相同"),
                Text(
                    "Write the name as the page draws it, then the registered one.",
                    "请写成“页面显示的店铺名” = “登记的店铺名”。",
                ),
            )
        )
    if again := next((meant for meant in given.values() if fold(meant) in {fold(drawn) for drawn in given}), None):
        raise _wrong(
            (
                Text(f"“{again}” is itself an alias", f"“{again}”本身也是别名"),
                Text("Name the registered shop.", "请直接填写登记的店铺名。"),
            )
        )
    return given


def _refuse(found: Refusal | None) -> None:
    if found is not None:
        raise _wrong(found)


def _word(text: str) -> str:
    _refuse(bad_word(text))
    return text


def as_confirm_word(text: str) -> str:
    _refuse(bad_confirm_word(text))
    return text


def as_status(text: object) -> OrderStatus:
    if isinstance(text, str) and text in list(OrderStatus):
        return OrderStatus(text)
    known = ", ".join(OrderStatus)
    _refuse((Text("is not a status", "不是有效的状态"), Text(f"Known are: {known}.", f"可用的有：{known}。")))
    raise AssertionError


def as_fields(given: object) -> object:
    for name in given if isinstance(given, dict) else ():
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            reason = Text(f"“{name}” is not a field of an order", f"“{name}”不是订单的字段")
            _refuse((reason, Text(f"Known are: {known}.", f"可用的有：{known}。")))
    return given


def as_number(text: object) -> object:
    if isinstance(text, str):
        _refuse(bad_number(text))
        return re.compile(text)
    return text


Day = Annotated[date, BeforeValidator(as_day), AfterValidator(as_likely)]
Words = Annotated[str, Field(min_length=1, pattern=r"\S")]
Address = Annotated[str, AfterValidator(_address)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]+$")]
Rule = Annotated[RefundRule | None, BeforeValidator(_rule)]
PageWord = Annotated[str, AfterValidator(_word)]
