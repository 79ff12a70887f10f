"""A seller on one of the simulated markets of the Alibaba family, over plain HTTP."""

from typing import Any

import httpx

from agent.sandbox import Sandbox
from agent.sandbox.core.model import Order, Shop


class Seller(httpx.Client):
    def __init__(self, box: Sandbox, platform: str) -> None:
        super().__init__(base_url=box.url, trust_env=False)
        self.box, self.platform = box, platform

    @property
    def shop(self) -> Shop:
        return self.box.state.merchants[0].shops[self.platform]

    def order(self, role: str) -> Order:
        return next(order for order in self.shop.orders if order.role == role)

    def log_in(self, password: str | None = None, **extra: str) -> dict[str, Any]:
        login = self.shop.login
        form = {"fm-login-id": login.username, "fm-login-password": password or login.password}
        answer: dict[str, Any] = self.post(f"/{self.platform}/newlogin/login.do", data=form | extra).json()
        return answer
