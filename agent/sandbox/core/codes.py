"""Codes that the simulated sites send to a person, and what they make of the one that is typed."""

import base64
import hmac
import time
from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core.answers import fields, state_of
from agent.sandbox.core.model import Merchant, Site
from agent.sandbox.core.state import Code, State

TOTP_SECRET = "JBSWY3DPEHPK3PXP"
NOT_OFTENER = 60.0  # seconds
WRONG_CODES_ALLOWED = 3
WRONG, EXPIRED, SPENT = "验证码错误，请重新输入", "验证码已失效，请重新获取", "验证码错误次数过多，请稍后再试"
OFTEN = "发送过于频繁，请稍后再试"


def send(state: State, site: Site, merchant: Merchant) -> bool:
    """Send a code to the account's phone or mailbox; false so soon after the last that this one still counts."""
    login = merchant.login(site)
    account, now = (login.username if login else ""), time.monotonic()
    last = next((c for c in reversed(state.codes) if (c.site, c.account) == (site, account)), None)
    if last is not None and now - last.sent_at < NOT_OFTENER and last.digits:
        return False
    digits = f"{(state.seed * 7919 + len(state.codes) * 104729 + 138421) % 10**6:06d}"
    state.codes.append(Code(site, account, digits, now))
    return True


def refusal(state: State, site: Site, merchant: Merchant, typed: str) -> str | None:
    """Why what was typed is not taken; None if it is, and then never again."""
    login = merchant.login(site)
    sent = [c for c in state.codes if login and (c.site, c.account) == (site, login.username)]
    if not sent or not sent[-1].digits or time.monotonic() - sent[-1].sent_at > state.faults.code_lasts:
        return EXPIRED
    code = sent[-1]
    if code.wrong >= WRONG_CODES_ALLOWED:
        return SPENT
    if typed != code.digits:
        code.wrong += 1
        return SPENT if code.wrong >= WRONG_CODES_ALLOWED else WRONG
    code.digits = ""
    return None


def is_shown_now(typed: str) -> bool:
    """True for what an authenticator with the samples' secret shows now, or showed half a minute ago."""
    step = int(time.time()) // 30
    return typed in {_shown(step), _shown(step - 1)}


def _shown(step: int) -> str:
    # RFC 6238 by hand: the agent under test makes its own by a library.
    mac = hmac.new(base64.b32decode(TOTP_SECRET), step.to_bytes(8, "big"), "sha1").digest()
    at = mac[-1] & 15
    return f"{(int.from_bytes(mac[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"


def sending(site: Site, path: str) -> Route:
    """What 获取验证码 asks: takes the `token` of the page, answers {"success", "message"}."""

    async def handle(request: Request) -> Response:
        state = state_of(request)
        merchant = state.unverified.get((await fields(request)).get("token", ""))
        if merchant is None:
            return JSONResponse({"success": False, "message": "页面已过期，请重新登录"})
        sent = send(state, site, merchant)
        return JSONResponse({"success": sent, "message": "验证码已发送" if sent else OFTEN})

    return Route(path, handle, methods=["POST"])


@dataclass(frozen=True, slots=True)
class Message:
    """What stands on a person's phone or in the mailbox."""

    site: Site
    account: str
    digits: str


def inbox(state: State) -> list[Message]:
    """All codes that were sent and not used, oldest first."""
    return [Message(c.site, c.account, c.digits) for c in state.codes if c.digits]


async def messages(request: Request) -> Response:
    return JSONResponse([asdict(message) for message in inbox(state_of(request))])


routes = [Route("/_phone/messages", messages)]
