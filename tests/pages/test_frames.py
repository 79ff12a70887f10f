"""Which frames of a page count: what a person sees in them does, the captcha frames that sites always keep do not."""

import pytest
from playwright.async_api import Page, Route

from agent.domain.challenges import ChallengeKind
from agent.pages.inference.challenges import challenge
from agent.pages.live.page import LivePage

PUZZLE = "<!doctype html><meta charset=utf-8><p>按住左边按钮拖动完成上方拼图"


async def shown(page: Page, style: str, around: str = "") -> ChallengeKind | None:
    """The challenge of a page with one captcha frame, drawn in this way."""

    async def answer(route: Route) -> None:
        frame = f'<div style="{around}"><iframe src="/captcha/index.html" style="border: 0; {style}"></iframe></div>'
        body = PUZZLE if "captcha" in route.request.url else f"<!doctype html><meta charset=utf-8><p>登录{frame}"
        await route.fulfill(body=body, content_type="text/html")

    await page.route("**/*", answer)
    live = LivePage(page)
    await live.open("http://shop.example/login")
    return challenge(await live.settled(5.0))


@pytest.mark.parametrize("style", ["width: 340px; height: 340px", "width: 300px; height: 200px; opacity: 0.9"])
async def test_a_captcha_that_is_shown_is_a_challenge(small: Page, style: str) -> None:
    assert await shown(small, style) is ChallengeKind.SLIDER


async def test_a_captcha_below_the_fold_is_a_challenge(small: Page) -> None:
    assert await shown(small, "width: 340px; height: 340px", "padding-top: 900px") is ChallengeKind.SLIDER


@pytest.mark.parametrize(
    ("style", "around"),
    [
        ("", ""),  # 300 x 150, as browsers draw a frame that nobody has sized
        ("width: 340px; height: 340px; opacity: 0", ""),
        ("width: 340px; height: 340px", "opacity: 0"),
        ("width: 340px; height: 340px; visibility: hidden", ""),
        ("width: 340px; height: 340px", "position: absolute; top: -1000000px"),
        ("width: 340px; height: 340px", "position: fixed; left: -9999px"),
        ("width: 340px; height: 340px", "position: fixed; top: 200vh"),
        ("width: 340px; height: 340px", "position: absolute; left: 10000px"),
        ("width: 340px; height: 340px", "height: 0; overflow: hidden"),
        (
            "width: 340px; height: 340px; position: relative; z-index: -1",
            "background: #fff; position: relative; z-index: 0",
        ),
        ("width: 340px; height: 340px; clip-path: inset(100%)", ""),
    ],
)
async def test_a_captcha_that_waits_unseen_is_none(small: Page, style: str, around: str) -> None:
    assert await shown(small, style, around) is None
