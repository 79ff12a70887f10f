"""The Alibaba family's log-in, the same at four addresses, over plain HTTP."""

import pytest

from agent.sandbox import Sandbox
from agent.sandbox.core.codes import inbox
from agent.sandbox.samples.trades import PATHS
from tests.support.seller import Seller

FAMILY = ("taobao", "1688", "alibaba", "aliexpress")
pytestmark = pytest.mark.parametrize("platform", FAMILY)


def test_three_wrong_passwords_lock_the_account(platform: str) -> None:
    with Sandbox(shops=[[platform]]) as box, Seller(box, platform) as seller:
        texts = [seller.log_in("wrong")["message"] for _ in range(3)]
        assert "密码" in texts[0]
        assert "账号已被锁定" in texts[-1]
        assert "账号已被锁定" in seller.log_in()["message"]


def test_nobody_is_led_elsewhere(platform: str) -> None:
    with Sandbox(shops=[[platform]]) as box, Seller(box, platform) as seller:
        orders = PATHS[platform][1].removesuffix("#/")
        assert seller.log_in(redirectURL="https://evil.example/")["redirect"].startswith(f"/{platform}/")
        assert seller.log_in(redirectURL=orders)["redirect"] == orders


def test_a_living_session_is_led_past_the_log_in(platform: str) -> None:
    with Sandbox(shops=[[platform]]) as box, Seller(box, platform) as seller:
        home = seller.log_in()["redirect"]
        assert seller.get(PATHS[platform][0]).headers["location"] == home
        assert seller.get(home).status_code == 200
        seller.post(f"/{platform}/member/logout.do")
        assert seller.get(home).headers["location"].startswith(PATHS[platform][0])


def test_a_code_is_needed_where_the_site_has_doubts(platform: str) -> None:
    with Sandbox(shops=[[platform]]) as box, Seller(box, platform) as seller:
        box.faults.challenge = "sms"
        asked = seller.log_in()["redirect"]
        assert "验证" in seller.get(asked).text
        token = asked.rpartition("=")[2]
        verify = f"/{platform}/member/verify.do"
        assert "错误" in seller.post(verify, data={"token": token, "code": "000000"}).text
        assert seller.shop.login.ok == 0
        (message,) = inbox(box.state)
        assert seller.post(verify, data={"token": token, "code": message.digits}).status_code == 302
        assert seller.shop.login.ok == 1
