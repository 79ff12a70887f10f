"""A page as text holds what a person sees, and nothing that a picture of it would cover."""

from agent.domain.redaction import Redactor
from agent.pages.inference.page_text import page_text
from agent.pages.live.page import LivePage

PASSWORD, ACCOUNT, CODE, TOKEN = "pl4nted-Pass!", "6222081234567890125", "804413", "Zq81kfPw02LmXc7Rt5"


def masks() -> Redactor:
    redactor = Redactor(whole_numbers=True)
    redactor.add(PASSWORD)
    redactor.add(ACCOUNT)
    return redactor


async def told(live: LivePage, body: str) -> str:
    await live.raw.set_content(f"<meta charset=utf-8><body>{body}")
    return "\n".join(page_text(await live.look(), [PASSWORD, ACCOUNT], masks().mask))


async def test_roles_words_and_boxes_are_told(live: LivePage) -> None:
    text = await told(
        live,
        "<h2>服务订单</h2><table><tr><th>订单编号<td>3391132647913727949</table><button disabled>确认</button>"
        "<label>备注<input value='已核对'></label><input type=checkbox checked aria-label=同意>",
    )
    lines = [line.split(" ")[:2] for line in text.splitlines()]
    for role, word in (("heading", "服务订单"), ("columnheader", "订单编号"), ("cell", "3391132647913727949")):
        assert [role, f'"{word}"'] in lines
    assert '"已核对"' in text
    assert any(line.startswith('button "确认"') and line.endswith("[disabled]") for line in text.splitlines())
    assert any('"同意"' in line and line.endswith("[checked]") for line in text.splitlines())


async def test_what_was_typed_as_a_password_is_never_told(live: LivePage) -> None:
    text = await told(
        live,
        f"<label>密码<input type=password value='{PASSWORD}'></label>"
        f"<label>密码<input style='-webkit-text-security: disc' value='{PASSWORD}'></label>"
        f"<p>您输入的 {PASSWORD} 有误</p>",
    )
    assert PASSWORD not in text
    assert "您输入的 ***** 有误" in text
    assert text.count("[filled]") == 2


async def test_a_code_is_not_told_before_and_after_it_was_handed_in(live: LivePage) -> None:
    boxes = "".join(f"<input maxlength=1 style='width: 40px' value={digit}>" for digit in CODE)
    for state in ("", "disabled", "readonly"):
        text = await told(live, f"<p>短信验证码<input type=tel {state} value={CODE}></p>")
        assert CODE not in text
        assert "*****" in text
        shut = boxes.replace("<input", f"<input {state}")
        one_each = await told(live, f"<p>请输入验证码</p><div>{shut}</div>")
        assert not any(f'"{digit}"' in one_each for digit in CODE)


async def test_an_account_number_is_masked_in_groups_in_pieces_and_in_boxes(live: LivePage) -> None:
    grouped = " ".join(ACCOUNT[i : i + 4] for i in range(0, len(ACCOUNT), 4))
    pieces = "".join(f"<span>{digit}</span>" for digit in ACCOUNT)
    for shown in (
        f"<p>收款账户 {ACCOUNT}</p>",
        f"<p>{grouped}</p>",
        f"<div>{pieces}</div>",
        f"<input value={ACCOUNT}>",
        f"<input placeholder='{grouped}'>",
        f"<select><option>招商银行 {ACCOUNT}</option></select>",
        f"<button title={ACCOUNT}>复制</button>",
    ):
        text = await told(live, shown)
        assert ACCOUNT not in text
        assert grouped not in text
        assert "*****" in text
        assert '"6"' not in text


async def test_an_address_that_a_page_shows_has_no_token(live: LivePage) -> None:
    text = await told(live, f"<p>请打开 https://a.example.com/go?token={TOKEN}&page=2 继续</p>")
    assert TOKEN not in text
    assert "https://a.example.com/go?token=*****&page=2 继续" in text
