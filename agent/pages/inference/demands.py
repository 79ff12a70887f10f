"""What a page wants of the account's owner before it lets anybody on: a new password, a phone number, a name."""

import re

from agent.domain.login_errors import Demand
from agent.domain.text import fold
from agent.pages import login_words
from agent.pages.inference.buttons import find_buttons
from agent.pages.inference.statements import stated, states
from agent.pages.snapshot import Node, Snapshot
from agent.pages.view import FrameSnapshot, PageSnapshot

_WORDS = {
    Demand.PASSWORD: re.compile(
        r"密码(已经?|早已)?(过期|到期|失效|逾期)|(请|需要?|须|必须|应)(您)?(先|立即|尽快|及时|重新)?(修改|更换|重置|重设|变更|设置)(您的|你的|初始|登[录陆]|新|默认|账号)*密码"
        r"|(首次|第一次|初次)登[录陆].{0,12}(修改|更换|设置|重置).{0,6}密码|(初始|默认|弱|简单|安全等级较?低的)密码.{0,16}(修改|更换|重置|设置)|密码(过于简单|(强度|安全等级|安全级别|安全性)(过|太|较)?(低|不足|弱))"
        r"|(设置|修改|更新)(新|登录)密码$|password(has)?expired|(change|reset|update)yourpassword|setanewpassword",
        re.IGNORECASE,
    ),
    Demand.PHONE: re.compile(
        r"(请|需要?|须|必须|先)(您)?(先|立即|尽快)?(绑定|验证并绑定|完善|补充)(您的)?(安全)?手机|未绑定手机|(请|需要?|须|必须)(您)?(先|立即|尽快)?(完成|进行)(安全)?手机(号码?)?绑定|绑定手机(号码?)?$"
    ),
    Demand.IDENTITY: re.compile(
        r"(请|需要?|须|必须)(您)?(先|立即|尽快)?(完成|进行|通过)?(店铺|商家|企业|个人|主体)?(实名|实人|人脸|身份信息|企业|主体|资质)(认证|验证|核验|识别)|未(完成|通过|进行)?实名(认证)?|实名认证$"
    ),
    Demand.ELSEWHERE: re.compile(
        r"(已在|正在|在(?=另一|其他|其它|别的))(其他|其它|别的|另一)?.{0,8}(地方|设备|电脑|浏览器|终端|别处|异地)?登[录陆].{0,30}(强制|继续登[录陆]|踢|挤|下线|是否)|强制登[录陆]|(其他|其它|对方).{0,8}(被迫|强制)?下线"
        r"|alreadylogged(in|on)(elsewhere|onanother)",
        re.IGNORECASE,
    ),
}
_NEW_PASSWORD = re.compile(r"新密码|确认密码|再次输入|newpassword|confirmpassword", re.IGNORECASE)
_LATER = (
    "暂不",
    "跳过",
    "以后再说",
    "稍后再说",
    "下次再说",
    "暂不绑定",
    "暂不修改",
    "下次修改",
    "稍后修改",
    "以后再改",
)
_TRUST = re.compile(
    r"信任(此|该|这台|本)?(设备|电脑|浏览器)|(记住|保存)(此|该|这台|本)(设备|电脑|浏览器)|trustthis(device|browser)",
    re.IGNORECASE,
)
_NO_TRUST = ("暂不", "不信任", "跳过", "以后再说", "暂不信任", "否", "取消", "Not now", "Don't trust", "Skip", "No")


def demand(snapshot: PageSnapshot) -> tuple[Demand, str] | None:
    """What is demanded, and the page's own sentence; None if a page only speaks of it, as beside a log-in form."""
    for part in snapshot.parts:
        shot = part.shot
        for kind, text in _WORDS.items():
            node = next((n for n in shot.texts if _demands(shot, n, kind, text) and shot.worked_by(n) is None), None)
            if node is not None and _is_serious(shot, kind):
                return kind, node.text
    return None


def postponed(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """What puts a demand off: 暂不, 跳过; None if it cannot be."""
    return next(find_buttons(snapshot, _LATER), None)


def distrusted(snapshot: PageSnapshot) -> tuple[FrameSnapshot, Node] | None:
    """What declines to trust this device, if the page asks for that; None if it does not."""
    asked = any(len(n.text) < 80 and n.top is not False and _TRUST.search(n.folded) for n in snapshot.texts())
    return next(find_buttons(snapshot, _NO_TRUST), None) if asked else None


def _demands(shot: Snapshot, node: Node, kind: Demand, text: re.Pattern[str]) -> bool:
    if login_words.LOCKED.search(node.folded):
        return False  # a new password may be part of it, but the account is restricted until somebody has looked at it
    if kind is not Demand.ELSEWHERE:
        return states(shot, node, text)
    # Here a question is what is meant: 您的账号已在别处登录，是否强制登录？
    asked = re.sub(r"[?吗]", "", node.folded)
    return node.top is not False and len(asked) < 80 and stated(asked, text)


def _is_serious(shot: Snapshot, kind: Demand) -> bool:
    """A new password is demanded only if there are boxes for one, or no form to log in with stands there."""
    boxes = [n for n in shot.nodes if n.kind == "password" and n.shown and n.top is not False]
    if kind is Demand.PASSWORD:
        hints = " ".join(fold(b.attrs.get("placeholder", "") + b.name) for b in boxes)
        named = _NEW_PASSWORD.search(hints) or any(
            _NEW_PASSWORD.search(n.folded) for n in shot.texts if n.top is not False
        )
        return not boxes or len(boxes) > 1 or named is not None
    return not boxes or kind is Demand.ELSEWHERE
