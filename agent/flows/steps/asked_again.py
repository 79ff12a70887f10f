"""Questions of a site whether to do a step a second time: somebody has done it already, whatever the list shows."""

import re

from agent.domain.report import StepKind
from agent.domain.text import Text, fold
from agent.pages.inference.dialogs import shortened
from agent.pages.message_words import asking_again

_AGAIN = {
    StepKind.CONFIRM: asking_again("确认|验收"),
    StepKind.REQUEST_REFUND: asking_again("申请|提交|返款"),
    # What was filed once is told in other words, too: 该订单已报备，是否继续提交？
    StepKind.FILE: re.compile(
        rf"{asking_again('报备|提交|添加|登记|录入').pattern}"
        r"|(订单|单号|编号|该单|此单|本单)(号码?)?(已经?|曾经?)(被)?(报备|提交|添加|登记|录入|存在|使用|占用)"
    ),
}


def asks_again(kind: StepKind, text: str) -> Text | None:
    """Return what is told of a question whether to do such a step once more; None if it asks for nothing like it."""
    if _AGAIN[kind].search(fold(text)) is None:
        return None
    told = shortened(text)
    return Text(
        f"the site asks whether to do it a second time (“{told}”): look there who has done it already",
        f"网站询问是否重复办理（“{told}”），未继续，请到网站核实是否已有人办理",
    )
