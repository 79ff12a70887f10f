"""Decides each choice of a form: which option is ours, which is harmless as it stands, and which nobody understands."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.domain.text import fold
from agent.pages import message_words
from agent.pages.inference.declarations import declares
from agent.pages.inference.payee_words import Kind, kind_of, nature_of
from agent.pages.snapshot import Node
from agent.pages.view import FrameSnapshot

_LABEL = re.compile(
    r"(收款|返款|退款|打款|到账|提现|结算|付款|支付|转账)(方式|渠道|账户|帐户|账号|类型|途径|至|到|卡|人)|账户(类型|性质|类别)|账号类型|卡类型|银行账户|^(返|退|收)款$"
)
_ABOUT_INVOICES = re.compile(r"发票|抬头|开票|税")
# What may stay as it stands, for it changes nothing of what is sent for us or of where it goes.
_HARMLESS = re.compile(
    r"^(否|不|无|不需要|不需要发票|不要|不开票|不开发票|无需|无需发票|无需开票|暂不需要|不选择|不使用|默认|普通|正常|常规|一般|标准|人民币|CNY|人民币元|人民币\(CNY\)|元|全额|全额返款|全部"
    r"|新订|新购|新订购|首次|首次订购|首次报备|新报备|新增|新增报备|订购报备|订购返款|单个|单条|单笔|中国|中国大陆|简体中文)$",
    re.IGNORECASE,
)
_BARE = re.compile(r"^(企业|公司|单位|机构|个人|私人|用户|商户)+$")
_HINT = re.compile(r"^(请|--|—|-|选择|全部$|select|please|choose|不限)|请选择", re.IGNORECASE)
_AGREES = re.compile(r"^(是|我)?(已阅读并|已阅读,?|自愿)?(同意|接受|承诺|确认|已阅读)")
_DISAGREES = re.compile(r"^(否|我)?(不|暂不|拒绝|未)(同意|接受|承诺|确认|阅读)?")


@dataclass(frozen=True, slots=True)
class Option:
    """One of the things to choose from. `taken` is None if the page does not show whether it is chosen."""

    words: str
    taken: bool | None
    disabled: bool = False
    node: Node | None = None


class Manner(StrEnum):
    """ONE of several (radios, tabs, cards, a native select), a TICK, a BOX whose list opens, or a button that OPENS."""

    ONE = "one"
    TICK = "tick"
    BOX = "box"
    OPENS = "opens"


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a form. A BOX has the words that it shows as its only option, for its others are not drawn.

    `outside` is true of one beside the form, which concerns us only if it is about the payee. The label of a TICK is
    all that stands around its box.
    """

    label: str
    options: tuple[Option, ...]
    manner: Manner = Manner.ONE
    required: bool = False
    outside: bool = False
    part: FrameSnapshot | None = None
    node: Node | None = None

    @property
    def name(self) -> str:
        """What a sentence calls it."""
        if self.manner is Manner.TICK:
            return self.options[0].words[:40]
        offered = " / ".join(o.words[:14] for o in self.options[:4])
        return offered if self.label in ("", *(o.words for o in self.options)) else f"{self.label}（{offered}）"


@dataclass(frozen=True, slots=True)
class Payee:
    """What decides between options: the whole number of our account, and whether a company holds it."""

    account: str
    nature: Kind | None

    @classmethod
    def of(cls, account: str, holder: str) -> "Payee":
        return cls(fold(account), nature_of(holder))


class State(StrEnum):
    """READY as it stands, an option is to be SET, the box is to be OPENED, or nobody knows (UNCLEAR)."""

    READY = "ready"
    SET = "set"
    OPENED = "opened"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a choice; `option` is the one to be clicked."""

    state: State
    option: Option | None = None


_READY, _UNCLEAR = Verdict(State.READY), Verdict(State.UNCLEAR)
_PAYEE_KINDS = {Kind.OURS, Kind.NEW, Kind.BANK, Kind.SAVED, Kind.ELSEWHERE}


def decide(choice: Choice, payee: Payee | None) -> Verdict:
    """What a choice needs. `payee` is None for a form that says nothing of where money goes."""
    if choice.manner is Manner.TICK:
        return _tick(choice, payee)
    if payee is not None and is_about_payee(choice, payee):
        return _payee(choice, payee)
    agreeing = agreeing_of(choice.options) if choice.manner is Manner.ONE else None
    if agreeing is not None:
        return _agreement(choice, agreeing)
    return _READY if choice.outside else _other(choice)


def is_about_payee(choice: Choice, payee: Payee | None) -> bool:
    """True for a choice of how, or to which account, money is paid out."""
    if _ABOUT_INVOICES.search(fold(choice.label)):
        return False
    kinds = {_kind(o, payee) for o in choice.options}
    natures = {Kind.COMPANY, Kind.PERSON} <= kinds or any(_is_kind_of_account(o, payee) for o in choice.options)
    return bool(kinds & _PAYEE_KINDS) or natures or _LABEL.search(fold(choice.label)) is not None


def _is_kind_of_account(option: Option, payee: Payee | None) -> bool:
    """对公账户 says what an account is; 企业 alone can be said of anything."""
    return _kind(option, payee) in (Kind.COMPANY, Kind.PERSON) and not _BARE.match(fold(option.words))


def ours(choice: Choice, payee: Payee) -> Option | None:
    """The only option that pays to our account as it is typed in; None if there is none, or more than one."""
    by_kind: dict[Kind, list[Option]] = {}
    for option in choice.options:
        by_kind.setdefault(_kind(option, payee), []).append(option)
    wanted: list[Kind] = [Kind.OURS]
    wanted += [Kind.NEW] if Kind.SAVED in by_kind else [Kind.BANK, Kind.NEW]
    wanted += [payee.nature] if payee.nature and Kind.SAVED not in by_kind else []
    found = next((by_kind[kind] for kind in wanted if kind in by_kind), [])
    return found[0] if len(found) == 1 else None


def _kind(option: Option, payee: Payee | None) -> Kind:
    return kind_of(option.words, payee.account if payee else "")


def _payee(choice: Choice, payee: Payee) -> Verdict:
    if choice.manner is Manner.BOX:
        return _READY if ours(choice, payee) else Verdict(State.OPENED)
    option = ours(choice, payee)
    if option is None:
        return _UNCLEAR
    others = [o for o in choice.options if o is not option]
    if option.taken and not any(o.taken is not False for o in others):
        return _READY
    return _UNCLEAR if option.disabled else Verdict(State.SET, option)


def _tick(choice: Choice, payee: Payee | None) -> Verdict:
    option = choice.options[0]
    wanted = _wants_tick(choice, payee)
    if wanted is None or option.taken is wanted:
        return _READY
    return _UNCLEAR if option.disabled or option.taken is None else Verdict(State.SET, option)


def _wants_tick(choice: Choice, payee: Payee | None) -> bool | None:
    """Whether a box must be ticked; None if it is left as it stands."""
    option = choice.options[0]
    text = fold(option.words)
    kind = _kind(option, payee)
    if kind in (Kind.ELSEWHERE, Kind.SAVED) or message_words.PAYING.search(text):
        return False
    if payee is not None and kind in (Kind.OURS, Kind.NEW, Kind.BANK):
        return True
    if is_declaration(choice):
        return True if choice.required else None
    return None if option.taken is False else False


def is_declaration(choice: Choice) -> bool:
    """True for a box, or 同意 beside 不同意, that declares that this form is true or that its rules were read."""
    if choice.manner is Manner.TICK:
        return declares(choice.options[0].words) and declares(choice.label or choice.options[0].words)
    agreeing = agreeing_of(choice.options) if choice.manner is Manner.ONE else None
    return agreeing is not None and declares(f"{choice.label} {agreeing.words}")


def agreeing_of(options: Sequence[Option]) -> Option | None:
    """The 同意 of two options, of which the other one is 不同意."""
    no = [o for o in options if _DISAGREES.match(fold(o.words))]
    yes = [o for o in options if o not in no and _AGREES.match(fold(o.words))]
    return yes[0] if len(options) == 2 and len(yes) == len(no) == 1 else None


def _agreement(choice: Choice, agreeing: Option) -> Verdict:
    taken = any(o.taken is not False for o in choice.options)
    if not is_declaration(choice):
        return _UNCLEAR if taken or choice.required else _READY
    if agreeing.taken:
        return _READY
    if choice.required or taken:
        return _UNCLEAR if agreeing.disabled else Verdict(State.SET, agreeing)
    return _READY


def _other(choice: Choice) -> Verdict:
    """A choice that is not about the payee: nothing is chosen by us, and only what is harmless may stand in it."""
    shown = choice.manner is Manner.BOX
    taken = [o for o in choice.options if (o.taken or shown) and fold(o.words) and not _HINT.search(fold(o.words))]
    if not taken:
        return _UNCLEAR if choice.required else _READY
    return _READY if all(_HARMLESS.match(fold(o.words)) for o in taken) else _UNCLEAR


def unclear(choices: Sequence[Choice], payee: Payee | None) -> Choice | None:
    """The first choice that is not ready to be sent; None if all are."""
    return next((c for c in choices if decide(c, payee).state is not State.READY), None)
