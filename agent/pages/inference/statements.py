"""Tells what a page states of this account, now, from advice, notices, questions and links that only speak of it."""

import re

from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import PageSnapshot

_SENTENCES, _CLAUSES = re.compile(r"[。;；!！\n]"), re.compile(r"[,，、:：]")
# A sentence that begins so tells what is to be done in a case that may never come.
_IN_CASE = re.compile(
    r"^(若|如(?!下)|倘若|假如|假若|万一|一旦|当(?!前)|遇到?|为了?(避免|防止)|避免|防止|以免|谨防|(如|若)?有(任何)?疑问|if(you|your|the|it|an?)|when|incase|toavoid)"
    r"|(的话|(?<![超及同准定暂随临\d])时)$",
    re.IGNORECASE,
)
# A clause with one of these is a question, a prohibition, a threat, or speaks of another time.
_ELSEWHERE = re.compile(
    r"[?？吗]|怎么办|怎么|怎样|如何|为什么|为何|什么是|是什么|请勿|切勿|勿|不要|不得|禁止|严禁"
    r"|将(会|被|于|在|自动|无法|不能|不)|会被|会导致|可能|以免|避免|防止|如遇|如果|若(是|您|遇|干扰|账|密|多次|连)|倘若|一旦"
    r"|(?<![超及同准定暂随临按\d])时(候)?(请|可|会|将|需|应|要|$)"
    r"|昨(日|天|晚)|前(日|天)|上(周|月|次)|曾|历史|已(经)?(修复|恢复|解决|解除|处理|结束|排除)|修复完成|恢复正常"
    r"|旧版|老版|部分(?!功能)|的(说明|规则|公告|通知|原因|处理|解决|常见)|(说明|规则|教程|指南|攻略|须知|办法|方法|帮助|介绍|政策|名单|记录|流程|条例)$"
    r"|howto|howdo|whatif|why|faq|willbe|maybe|donot|don't",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"^(系统|平台|店铺|官方|网站|最新|重要)?(公告|通告|活动|资讯|新闻|新手|帮助|常见问题|faq|q|问|答|a)[:：\]】|｜]",
    re.IGNORECASE,
)
_LINK_TAGS = ("a",)


def stated(text: str, pattern: re.Pattern[str]) -> bool:
    """True if the folded text says, of now and without condition, what the pattern stands for."""
    if _NOTICE.match(text.lstrip("[【（(·•*※")):
        return False
    return any(pattern.search(s) and _is_statement(s, pattern) for s in _SENTENCES.split(text) if s)


def _is_statement(sentence: str, pattern: re.Pattern[str]) -> bool:
    clauses = [c for c in _CLAUSES.split(sentence) if c]
    at = [i for i, clause in enumerate(clauses) if pattern.search(clause)]
    if not at:  # it reaches over several clauses
        return not (_IN_CASE.search(clauses[0]) or any(_ELSEWHERE.search(c) for c in clauses))
    return any(not _ELSEWHERE.search(clauses[i]) and not any(_IN_CASE.search(c) for c in clauses[: i + 1]) for i in at)


def states(shot: Snapshot, node: Node, pattern: re.Pattern[str], *, links: bool = False) -> bool:
    """True for a short text on top that states what the pattern stands for; `links`: also for one that leads on."""
    text = node.folded
    if len(node.text) >= 80 or node.top is False or pattern.search(text) is None:
        return False
    return stated(text, pattern) and (links or not _is_link(shot, node))


def states_any(snapshot: PageSnapshot, pattern: re.Pattern[str], *, links: bool = False) -> str | None:
    """The first text that states it, or None; `links`: also one that leads somewhere, such as 请登录."""
    shown = ((part, n) for part in snapshot.parts for n in part.shot.texts)
    return next((n.text for part, n in shown if states(part.shot, n, pattern, links=links)), None)


def _is_link(shot: Snapshot, node: Node) -> bool:
    worked = shot.worked_by(node)
    return worked is not None and worked.tag in _LINK_TAGS and worked.role != "button"
