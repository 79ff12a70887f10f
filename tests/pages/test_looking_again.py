"""A page at which nothing stirred is not walked over again; whatever a page can do by itself is seen all the same."""

import time

import pytest
from playwright.async_api import Page

from agent.pages.live.page import LivePage
from agent.pages.view import PageSnapshot

PAGE = """<!doctype html><meta charset="utf-8"><style>
  .late { transition: margin-left 100ms linear } .away { margin-left: 300px }
  p:hover + p { display: none } details:not([open]) p { display: none }
</style>
<p id="a">订单一</p><p id="b">订单二</p><p class="late" id="c">订单三</p>
<input id="box" value="旧"><input id="tick" type="checkbox"><select id="of"><option>甲<option>乙</select>
<div id="lines" style="height:80px;overflow:auto"><p>行一</p><p style="margin-top:300px" id="last">行二</p></div>
<details id="more"><summary>更多</summary><p>细节</p></details>
<div id="card" popover>卡片</div><div id="host"></div>"""

CHANGES = {
    "words": "a.firstChild.data = '订单四'",
    "an element that came": "document.body.append(a.cloneNode(true))",
    "a class": "a.className = 'away'",
    "a style of its own": "a.style.marginLeft = '40px'",
    "a value that a script set": "box.value = '新'",
    "a tick that a script set": "tick.checked = true",
    "a choice that a script made": "of.selectedIndex = 1",
    "a list that a script scrolled": "lines.scrollTop = 200",
    "a page that a script scrolled": "document.body.style.height = '5000px'; scrollTo(0, 600)",
    "what is folded out": "more.open = true",
    "a card in the top layer": "card.showPopover()",
    "an address": "history.pushState(null, '', '#two')",
    "a heading of the window": "document.title = '二'",
    "a style sheet that came": "host.append(Object.assign(document.createElement('style'), {innerText: RULE}))",
    "a style sheet that was adopted": (
        "const s = new CSSStyleSheet(); s.replaceSync(RULE); document.adoptedStyleSheets = [s]"
    ),
    "a shadow tree that came": "host.attachShadow({mode: 'open'}).innerHTML = '<p>影子</p>'; host.title = 'x'",
}


@pytest.fixture
async def seen(live: LivePage, small: Page) -> LivePage:
    await small.set_content(PAGE)
    await live.look()
    return live


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_is_seen(seen: LivePage, small: Page, change: str) -> None:
    before = await seen.look()
    await small.evaluate(f"() => {{ const RULE = '#a {{ display: none }}'; {change} }}")
    assert (await seen.look()).parts != before.parts


async def test_what_the_pointer_does_is_seen(seen: LivePage, small: Page) -> None:
    await small.hover("#a")
    assert not any(n.text == "订单二" for n in (await seen.look()).texts())


async def test_what_moves_is_seen_where_it_came_to_rest(seen: LivePage, small: Page) -> None:
    moved = "() => new Promise(done => { c.ontransitionrun = () => done(); c.classList.add('away'); })"
    await small.evaluate(moved)
    await seen.look()
    await small.evaluate("() => Promise.all(c.getAnimations().map(one => one.finished)).then(() => null)")
    snapshot = await seen.look()
    assert next(n for n in snapshot.texts() if n.text == "订单三").box.x > 300


async def test_what_goes_on_in_a_shadow_tree_is_seen(seen: LivePage, small: Page) -> None:
    await small.evaluate("() => { host.attachShadow({mode: 'open'}).innerHTML = '<p>影子</p>'; host.title = 'x' }")
    await seen.look()
    await small.evaluate("() => { host.shadowRoot.querySelector('p').textContent = '另一个' }")
    assert any(n.text == "另一个" for n in (await seen.look()).texts())


async def test_a_rule_that_was_changed_without_a_trace_is_seen_before_anything_of_consequence(
    seen: LivePage, small: Page
) -> None:
    await small.evaluate("document.styleSheets[0].insertRule('#a { display: none }')")
    assert not any(n.text == "订单一" for n in (await seen.look(anew=True)).texts())


async def test_a_page_at_which_nothing_stirred_is_not_walked_over(seen: LivePage, small: Page) -> None:
    first = await seen.look()
    walks = await first.parts[0].registry.evaluate("registry => registry.watch.still()")
    assert walks is not None
    for _ in range(3):
        assert (await seen.look()).parts[0] is first.parts[0]
    assert await first.parts[0].registry.evaluate("registry => registry.watch.still()") == walks
    await small.evaluate("a.title = 'x'")
    assert await first.parts[0].registry.evaluate("registry => registry.watch.still()") is None


class Counted(LivePage):
    """Counts how often the page is looked at."""

    looks = 0

    async def look(self, *, anew: bool = False) -> PageSnapshot:
        self.looks += 1
        return await super().look(anew=anew)


def says(snapshot: PageSnapshot, words: str) -> bool:
    return any(n.text == words for n in snapshot.texts())


async def test_a_page_that_is_at_rest_is_looked_at_once(small: Page) -> None:
    window = Counted(small)
    await small.set_content(PAGE)
    await window.settled()
    window.looks = 0
    await window.settled()
    assert window.looks == 1


async def test_what_comes_just_after_a_look_is_waited_for(small: Page) -> None:
    window = Counted(small)
    await small.set_content(PAGE)
    await window.settled()
    await small.evaluate("() => { setTimeout(() => { a.firstChild.data = '订单四' }, 25) }")
    assert says(await window.settled(), "订单四")


async def test_what_is_waited_for_is_waited_for_and_not_asked_for_again_and_again(small: Page) -> None:
    window = Counted(small)
    await small.set_content(PAGE)
    await window.settled()
    window.looks = 0
    await small.evaluate("() => { setTimeout(() => { a.firstChild.data = '订单四' }, 1000) }")
    assert says(await window.settled(30.0, lambda v: says(v, "订单四")), "订单四")
    assert window.looks <= 6


async def test_a_picture_that_has_come_is_heard_of(seen: LivePage, small: Page) -> None:
    part = (await seen.look()).parts[0]
    assert await part.registry.evaluate("registry => registry.watch.still()") is not None
    await small.evaluate("() => { host.dispatchEvent(new Event('load')) }")
    assert await part.registry.evaluate("registry => registry.watch.still()") is None


async def test_what_another_look_has_seen_counts_as_stirred(seen: LivePage, small: Page) -> None:
    snapshot = await seen.look()
    await small.evaluate("() => { a.firstChild.data = '订单四' }")
    await seen.look()
    assert not await seen.stays(snapshot, 0.0)


async def test_a_frame_that_nobody_sees_does_not_keep_a_page_from_being_at_rest(small: Page) -> None:
    window = Counted(small)
    await small.set_content(PAGE + "<iframe style='width:1px;height:1px'></iframe>")
    await window.settled()
    window.looks = 0
    await window.settled()
    assert window.looks == 1


async def test_a_frame_that_comes_is_looked_at(small: Page) -> None:
    window = Counted(small)
    await small.set_content(PAGE)
    await window.settled()
    await small.evaluate("""() => {
      const frame = Object.assign(document.createElement('iframe'), {srcdoc: '<p>订单五', width: 400, height: 300});
      setTimeout(() => document.body.append(frame), 25);
    }""")
    assert says(await window.settled(30.0, lambda v: says(v, "订单五")), "订单五")


async def test_an_answer_is_heard_of_although_nothing_stirs(seen: LivePage, small: Page) -> None:
    await small.route("http://shop.example/api", lambda route: route.fulfill(body="{}"))
    snapshot = await seen.look()
    began = time.monotonic()
    await small.evaluate("() => { setTimeout(() => fetch('http://shop.example/api', {mode: 'no-cors'}), 50) }")
    await seen.news(snapshot, 20.0)
    assert seen.traffic.exchanges
    assert time.monotonic() - began < 10
