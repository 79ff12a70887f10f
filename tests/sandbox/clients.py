"""A seller and a member at work on a sandbox, over plain HTTP."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from agent.sandbox import Sandbox

ORDERS = "/taobao/h5/mtop.alibaba.topservice.order.list.get/1.0/"
CONFIRM = "/taobao/h5/mtop.alibaba.topservice.order.confirm/1.0/"
FILING, REFUND, CHECK = "/newc/SelfService/Filing", "/newc/Refund", "/newc/Refund/Check"
SAVE_DATE, APPLY = "/newc/SelfService/SaveDate", "/newc/Refund/Apply"
BANK = {"Bank": "招商银行杭州分行", "Holder": "杭州锦绣家居有限公司", "Account": "571900000010001"}


class Seller(httpx.Client):
    """Merchant `index` on 淘宝."""

    def __init__(self, box: Sandbox, index: int = 0) -> None:
        super().__init__(base_url=box.url, trust_env=False)
        self.box, self.merchant = box, box.state.merchants[index]

    def log_in(self, password: str | None = None, **extra: str) -> dict[str, Any]:
        login = self.merchant.taobao.login
        form = {"fm-login-id": login.username, "fm-login-password": password or login.password}
        answer: dict[str, Any] = self.post("/taobao/newlogin/login.do", data=form | extra).json()
        return answer

    def list(self, page: int = 1, tab: str = "all") -> dict[str, Any]:
        data = json.dumps({"pageSize": 10, "tabCode": tab, "currentPage": str(page)})
        answer: dict[str, Any] = self.get(ORDERS, params={"data": data}).json()
        return answer

    def rows(self, tab: str = "all") -> Iterator[dict[str, str]]:
        pages = range(1, 4)
        return (row for page in pages for row in self.list(page, tab)["data"]["list"])

    def confirm(self, key: str) -> httpx.Response:
        return self.post(CONFIRM, data={"confirmId": key})

    def truth(self) -> dict[str, Any]:
        truth: dict[str, Any] = self.box.truth()["taobao"][self.merchant.taobao.login.username]
        return truth


class Member(httpx.Client):
    """Merchant `index` in the back office."""

    def __init__(self, box: Sandbox, index: int = 0) -> None:
        super().__init__(base_url=box.url, trust_env=False, follow_redirects=True)
        self.box, self.merchant = box, box.state.merchants[index]

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:  # noqa: ANN401 - as in httpx
        response = super().send(request, **options)
        if found := re.search(r'name="__RequestVerificationToken" value="(\w+)"', response.text):
            self.token = found[1]
        return response

    def submit(self, path: str, **form: str) -> httpx.Response:
        return self.post(path, data=form | {"__RequestVerificationToken": self.token})

    def log_in(self, password: str | None = None, target: str = "") -> httpx.Response:
        path = f"/newc/Account/Login?ReturnUrl={target}"
        self.get(path)
        login = self.merchant.backoffice
        return self.submit(path, UserName=login.username, Password=password or login.password)

    def file(self, **changed: str) -> httpx.Response:
        return self.submit(FILING, **(self._entry() | changed))

    def apply_directly(self, **changed: str) -> httpx.Response:
        self.get(REFUND)
        return self.submit(REFUND, ReturnUrl=REFUND, **(self._entry() | BANK | changed))

    def _entry(self) -> dict[str, str]:
        form = {"Platform": "淘宝", "ShopName": self.merchant.taobao.name, "OrderNo": "1" * 19}
        return form | {"OrderDate": "2026-10-09", "Amount": "128.00"}

    def filing(self, role: str) -> dict[str, Any]:
        """The filing, as it truly is, of the sample order with `role`."""
        number = next(order.number for order in self.merchant.taobao.orders if order.role == role)
        return next(filing for filing in self.filings() if filing["order_no"] == number)

    def filings(self) -> list[dict[str, Any]]:
        filings: list[dict[str, Any]] = self.box.truth()["backoffice"][self.merchant.backoffice.username]["filings"]
        return filings

    def applications(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.box.truth()["backoffice"][self.merchant.backoffice.username]["applications"]
        return found

    def check(self, role: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(CHECK, params={"id": self.filing(role)["id"]}).json()
        return answer

    def apply(self, role: str, **changed: str) -> httpx.Response:
        return self.submit(APPLY, id=str(self.filing(role)["id"]), ReturnUrl=REFUND, **(BANK | changed))


@contextmanager
def selling(box: Sandbox, index: int = 0) -> Iterator[Seller]:
    with Seller(box, index) as seller:
        assert seller.log_in()["success"]
        yield seller


@contextmanager
def working(box: Sandbox, index: int = 0) -> Iterator[Member]:
    with Member(box, index) as member:
        assert "会员信息" in member.log_in().text
        yield member
