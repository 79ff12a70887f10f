"""The log-in widget of the Alibaba family: 淘宝, 1688, Alibaba.com and 速卖通 have it, each at its own addresses."""

import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.sandbox.core import codes
from agent.sandbox.core.answers import close_session, fields, local, open_session, page, redirect, state_of, who
from agent.sandbox.core.market import WRONG, log_in
from agent.sandbox.core.model import Merchant, Site
from agent.sandbox.core.state import State

PUNISH = "_____tmd_____/punish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A site's own way with the widget.

    `home` follows the log-in, `page` is the log-in page, `code_page` the template that asks for a code. `terms` have to
    be agreed to if there are any. `punishes`: instead of a slider in the form, a page in a frame asks for it.
    """

    site: Site
    title: str
    home: str
    page: str
    style: str
    wrong: str
    asks_name: str = "账号名/邮箱/手机号"
    app: str = "千牛App"
    terms: str = ""
    code_page: str = "widget/unusual.html"
    punishes: bool = False

    @property
    def root(self) -> str:
        return f"/{self.site}"

    @property
    def punish_url(self) -> str:
        return f"{self.root}/{PUNISH}?x5secdata=sandbox&x5step=2&action=captcha"

    def target(self, asked: str) -> str:
        return local(asked, self.root, self.home)

    def form(self, request: Request, template: str, asked: str) -> Response:
        """A page with the form, to lead to what was `asked` for."""
        values = {"way": self, "target": self.target(asked), "faults": state_of(request).faults}
        return page(template, values)

    def enter(self, request: Request, template: str, parameter: str) -> Response:
        """The log-in page; to whoever has a session it is only a way to where `parameter` says."""
        asked = request.query_params.get(parameter, "")
        return redirect(self.target(asked)) if who(request, self.site) else self.form(request, template, asked)

    async def mini(self, request: Request) -> Response:
        return self.form(request, "widget/mini.html", request.query_params.get("redirectURL", ""))

    async def submit(self, request: Request) -> Response:
        """Answer {"success", "message" | "redirect" | "challenge"}; the widget does the rest."""
        challenge, form = state_of(request).faults.challenge, await fields(request)
        if challenge == "slider" and form.get("ncToken") != "passed":
            return JSONResponse({"success": False, "challenge": "slider"} | self._frame())
        merchant = log_in(request, self.site, form.get("fm-login-id", ""), form.get("fm-login-password", ""))
        if isinstance(merchant, str):
            return JSONResponse({"success": False, "message": self.wrong if merchant == WRONG else merchant})
        if challenge in ("sms", "totp", "approval"):
            return JSONResponse({"success": True, "redirect": self._doubt(request, merchant)})
        response = JSONResponse({"success": True, "redirect": self.target(form.get("redirectURL", ""))})
        open_session(response, state_of(request), self.site, merchant)
        return response

    def _frame(self) -> dict[str, str]:
        return {"url": self.punish_url} if self.punishes else {}

    def _doubt(self, request: Request, merchant: Merchant) -> str:
        """Where whoever has the right password is asked for a code as well."""
        token = secrets.token_hex(8)
        state_of(request).unverified[token] = merchant
        if state_of(request).faults.challenge == "sms":
            codes.send(state_of(request), self.site, merchant)
        return f"{self.root}/member/login_unusual.htm?token={token}"

    async def unusual(self, request: Request) -> Response:
        return self._ask(request, request.query_params.get("token", ""), "")

    def _ask(self, request: Request, token: str, refusal: str) -> Response:
        wanted = state_of(request).faults.challenge
        template = f"widget/{wanted}.html" if wanted in ("totp", "approval") else self.code_page
        return page(template, {"way": self, "token": token, "refusal": refusal})

    async def verify(self, request: Request) -> Response:
        state, form = state_of(request), await fields(request)
        merchant = state.unverified.get(form.get("token", ""))
        if merchant is None:
            return redirect(self.page)
        if refusal := self._refusal(state, merchant, form.get("code", "")):
            return self._ask(request, form["token"], refusal)
        del state.unverified[form["token"]]
        response = redirect(self.home)
        open_session(response, state, self.site, merchant)
        return response

    def _refusal(self, state: State, merchant: Merchant, typed: str) -> str | None:
        if state.faults.challenge == "approval":
            return None if merchant.id in state.approved else "等待确认"
        if state.faults.challenge != "totp":
            return codes.refusal(state, self.site, merchant, typed)
        return None if codes.is_shown_now(typed) else "动态口令错误，请重新输入"

    async def logout(self, request: Request) -> Response:
        response = redirect(self.page)
        close_session(response, request, self.site)
        return response

    async def punish(self, _: Request) -> Response:
        return page("widget/punish.html")

    def routes(self) -> list[Route]:
        return [
            Route(f"{self.root}/mini_login.htm", self.mini),
            Route(f"{self.root}/newlogin/login.do", self.submit, methods=["POST"]),
            Route(f"{self.root}/member/login_unusual.htm", self.unusual),
            Route(f"{self.root}/member/verify.do", self.verify, methods=["POST"]),
            codes.sending(self.site, f"{self.root}/member/send_code.do"),
            Route(f"{self.root}/member/logout.do", self.logout, methods=["POST"]),
            Route(f"{self.root}/{PUNISH}", self.punish),
        ]
