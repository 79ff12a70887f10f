"""What the simulated sites make of codes and scans."""

import httpx
import pytest

from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from agent.sandbox.core.qr import HOMES
from tests.support.seller import Seller


def asked(box: Sandbox, seller: Seller) -> dict[str, str]:
    """Logs in as far as the page that asks for the code, and gives what its form holds."""
    box.faults.challenge = "sms"
    return {"token": seller.log_in()["redirect"].rpartition("=")[2]}


def typed(seller: Seller, form: dict[str, str], code: str) -> str:
    return seller.post("/taobao/member/verify.do", data=form | {"code": code}, follow_redirects=True).text


@pytest.fixture
def box() -> Sandbox:
    return Sandbox(shops=[["taobao"]])


def test_a_code_is_taken_once(box: Sandbox) -> None:
    with box, Seller(box, "taobao") as seller:
        form = asked(box, seller)
        (message,) = inbox(box.state)
        assert "千牛" in typed(seller, form, message.digits)
        assert inbox(box.state) == []
        assert seller.shop.login.ok == 1


def test_after_three_wrong_ones_not_even_the_right_one_is_taken(box: Sandbox) -> None:
    with box, Seller(box, "taobao") as seller:
        form = asked(box, seller)
        (message,) = inbox(box.state)
        text = [typed(seller, form, "000000") for _ in range(3)] + [typed(seller, form, message.digits)]
        assert ["次数过多" in page for page in text] == [False, False, True, True]
        assert seller.shop.login.ok == 0


def test_one_that_is_too_old_is_not_taken(box: Sandbox) -> None:
    with box, Seller(box, "taobao") as seller:
        form = asked(box, seller)
        (message,) = inbox(box.state)
        box.state.codes[-1].sent_at -= box.faults.code_lasts + 1
        assert "已失效" in typed(seller, form, message.digits)


def test_none_is_sent_again_so_soon(box: Sandbox) -> None:
    with box, Seller(box, "taobao") as seller:
        form = asked(box, seller)
        again = seller.post("/taobao/member/send_code.do", data=form).json()
        assert (again["success"], len(inbox(box.state))) == (False, 1)
        box.state.codes[-1].sent_at -= 61
        assert seller.post("/taobao/member/send_code.do", data=form).json()["success"]
        assert len({message.digits for message in inbox(box.state)}) == 2


@pytest.mark.parametrize("site", HOMES)
def test_a_scan_needs_a_yes_and_comes_in_time(site: str) -> None:
    with Sandbox(shops=[[site]]) as box, httpx.Client(base_url=box.url, trust_env=False) as client:
        made = client.get(f"/{site}/newlogin/qrcode/generate.do").json()["codeContent"]

        def status() -> str:
            told: str = client.get(f"/{site}/newlogin/qrcode/query.do", params={"ck": made}).json()["qrCodeStatus"]
            return told

        def phone(act: str) -> bool:
            sent = client.post(f"/_phone/{act}", data={"payload": made, "merchant": "m1"})
            done: bool = sent.json()["success"]
            return done

        assert (status(), phone("grant"), phone("scan"), status()) == ("NEW", False, True, "SCANED")
        assert phone("scan") is False
        box.state.scans[made].made_at -= box.faults.qr_lasts + 1
        assert (status(), phone("grant")) == ("EXPIRED", False)
        box.state.scans[made].made_at += box.faults.qr_lasts + 1
        assert (phone("grant"), status()) == (True, "CONFIRMED")
        assert box.state.merchants[0].shops[site].login.ok == 1
