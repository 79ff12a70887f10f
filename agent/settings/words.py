"""What a page calls things, as the settings say it: which words are refused, and why."""

import re

from agent.domain.text import Text, fold

Refusal = tuple[Text, Text]  # what is wrong, and what to do
# The fields of an order that a heading can name.
FIELDS = (
    *("order_no", "ordered_at", "service", "service_code", "shop", "amount"),
    *("status", "expires_at", "period", "action"),
)
# A button with these does something else than to confirm, and may cost money.
_NO_CONFIRMATION = re.compile(
    r"支付|付款|购买|续费|续订|充值|订购(?!完成)|升级|加购|取消|关闭|删除|退款|退订|退货|返款|拒绝|驳回|申诉|投诉|评价|发票|授权"
    r"|pay|buy|order|renew|cancel|delete|refund|reject|close",
    re.IGNORECASE,
)
_LONGEST = 40


def bad_word(word: str) -> Refusal | None:
    """Why a text cannot be a word of a page; None if it can."""
    if not fold(word):
        return Text("has an empty word", "含有空的词"), Text("Write it as the page shows it.", "请按页面所示填写。")
    if len(fold(word)) > _LONGEST:
        return (
            Text(f"has a word of more than {_LONGEST} characters", f"含有超过 {_LONGEST} 个字符的词"),
            Text("Give the words of the heading, the state or the button alone.", "只填写列名、状态或按钮上的词。"),
        )
    return None


def bad_confirm_word(word: str) -> Refusal | None:
    """Why a button with this word must not be taken for 确认; None if it may."""
    if _NO_CONFIRMATION.search(fold(word)):
        return (
            Text(f"“{word}” is no confirmation", f"“{word}”不是确认操作"),
            Text("Name only what confirms that the service was received.", "只填写确认收到服务的按钮。"),
        )
    return bad_word(word)


def bad_number(pattern: str) -> Refusal | None:
    """Why a text is no shape of an order number; None if it is one."""
    try:
        shape = re.compile(pattern)
    except re.error as error:
        return (
            Text(f"is no regular expression ({error})", f"不是有效的正则表达式（{error}）"),
            Text("Write it like '[0-9]{16,20}'.", "请写成 '[0-9]{16,20}' 的形式。"),
        )
    if any(shape.fullmatch(text) for text in ("", "1", "--")):
        return (
            Text("also fits what is no order number", "会匹配不是订单编号的内容"),
            Text("Say how many digits there are, such as '[0-9]{16,20}'.", "请写明位数，例如 '[0-9]{16,20}'。"),
        )
    return None
