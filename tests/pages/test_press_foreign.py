"""Questions about something else, in the ways in which kits draw them: never agreed to, and ours is still answered."""

# ruff: noqa: E501 - pages read better in long lines

import pytest

from agent.domain.page_errors import DialogDeclined, PageChanged
from agent.pages.live.page import LivePage
from tests.pages.shop import Shop, table
from tests.pages.test_press import CLICK, FIRST, confirm, opened

# lay(html, style) puts a layer over the page, with works by the class of what is pressed in it.
LAY = """
const lay = (html, works, style = '') => { const d = document.createElement('div'); d.className = 'modal';
  d.style = 'position:fixed;left:100px;top:90px;width:420px;padding:20px;background:#fff;border:1px solid;z-index:9;' + style;
  d.innerHTML = html; document.body.append(d);
  for (const [name, work] of Object.entries(works)) for (const one of d.querySelectorAll('.' + name))
    one.addEventListener('click', () => { if (work(d) !== 'stay') d.remove(); });
  return d; };
const buy = () => post('/buy'), done = n => post('/' + n);
const ours = n => lay(`<p>确认已收到该服务？</p><button class="no">取消</button> <button class="yes">确定</button>`,
  {yes: () => done(n), no: () => {}});
"""
DECLINED = "const go = n => "


async def press(live: LivePage, shop: Shop, go: str) -> None:
    await opened(live, shop, table(CLICK, LAY + go))
    await confirm(live)


FOREIGN_FIRST = {
    "modal": """lay(`<p>开通小额免密，让您以后的操作更便捷</p><button class="yes">确定</button><button class="no">取消</button>`,
        {yes: buy, no: () => ours(n)})""",
    "words of its own": """lay(`<p>专属客服助手首月特惠</p><a class="yes" style="cursor:pointer">立即开通</a>
        <span class="no" style="cursor:pointer">暂不需要</span>`, {yes: buy, no: () => ours(n)})""",
    "drawer with a cross": """lay(`<i class="close-icon no" style="cursor:pointer;display:inline-block;width:16px;height:16px"></i>
        <h3>升级旗舰版</h3><button class="yes">确认</button>`, {yes: buy, no: () => ours(n)}, 'left:auto;right:0;top:0;height:400px')""",
    "bottom sheet": """lay(`<div>订阅到货提醒短信</div><div class="yes" style="cursor:pointer">好的</div>
        <div class="no" style="cursor:pointer">残忍拒绝</div>`, {yes: buy, no: () => ours(n)}, 'top:auto;bottom:0')""",
    "bubble": """lay(`<span>确认使用 100 积分兑换优惠券？</span><button class="no">否</button><button class="yes">是</button>`,
        {yes: buy, no: () => ours(n)}, 'position:absolute')""",
    "counts down to yes": """lay(`<p>为您推荐运费险</p><button class="no">关闭（3s）</button><button class="yes">继续</button>`,
        {yes: buy, no: () => ours(n)})""",
    "native": "(confirm('确定开通自动续费吗？') ? buy() : ours(n))",
    "prompt": "(prompt('请输入支付密码') !== null ? buy() : ours(n))",
    "same element": """(() => { const d = lay(`<p>开通小额免密，更便捷</p><button class="no">取消</button><button class="yes">确定</button>`,
        {yes: () => d.dataset.ours ? void done(n) : void buy(),
         no: () => { d.dataset.ours = 1; d.querySelector('p').textContent = '确认已收到该服务？'; return 'stay'; }}); })()""",
    "standing window": """(() => { const d = lay(`<p>开通免密支付</p><button class="no">取消</button><button class="yes">确定</button>`, {
        yes: () => { d.style.display = 'none'; d.dataset.ours ? done(n) : buy(); return 'stay'; },
        no: () => { d.style.display = 'none'; d.dataset.ours = 1;
          setTimeout(() => { d.querySelector('p').textContent = '确认已收到该服务？'; d.style.display = 'block'; }, 300);
          return 'stay'; }}); })()""",
}


@pytest.mark.parametrize("name", FOREIGN_FIRST)
async def test_something_else_that_is_asked_first_is_declined_and_ours_agreed_to(
    name: str, live: LivePage, shop: Shop
) -> None:
    await press(live, shop, f"const go = n => {{ {FOREIGN_FIRST[name]} }}")
    assert shop.posts == [f"/{FIRST}"]


FOREIGN_INSTEAD = {
    "a switch that is only drawn": """lay(`<p>确认已收到该服务？</p><p><span class="sw" style="display:inline-block;width:40px;height:20px;border-radius:10px;
        background:#1677ff;cursor:pointer"><i></i></span> 系统自动确认服务订单</p><button class="no">取消</button><button class="yes">确定</button>`,
        {yes: buy, no: () => {}})""",
    "no way to decline": "lay(`<p>同意新版服务条款</p><button class='yes'>确定</button>`, {yes: buy})",
    "sold besides": """lay(`<p>确认已收到该服务？</p><small>同时为您开通连续包年</small><button class="no">取消</button>
        <button class="yes">确定</button>`, {yes: buy, no: () => {}})""",
    "small print that comes late": """(() => { const d = lay(`<p>确认已收到该服务？</p><button class="no">取消</button>
        <button class="yes" disabled>确定（2s）</button>`, {yes: buy, no: () => {}});
        setTimeout(() => { d.querySelector('p').insertAdjacentHTML('afterend', '<small>点击确定即同意《免密支付协议》</small>');
          const yes = d.querySelector('.yes'); yes.disabled = false; yes.textContent = '确定'; }, 700); })()""",
    "a box that comes back": """lay(`<p>确认已收到该服务？</p><label><input type="checkbox" checked
        onchange="this.checked = true">到期自动续费</label><button class="no">取消</button><button class="yes">确定</button>`,
        {yes: buy, no: () => {}})""",
    "a box that is wanted": """(() => { const d = lay(`<p>确认已收到该服务？</p><label><input type="checkbox">同意《代扣协议》</label>
        <button class="no">取消</button><button class="yes" disabled>确定</button>`, {yes: buy, no: () => {}});
        d.querySelector('input').onchange = e => { d.querySelector('.yes').disabled = !e.target.checked; }; })()""",
    "a choice": """lay(`<p>确认已收到该服务？</p><label><input type="radio" name="a" checked>一次</label>
        <label><input type="radio" name="a">连续</label><button class="no">取消</button><button class="yes">确定</button>`,
        {yes: buy, no: () => {}})""",
    "a picture": """lay(`<p>确认已收到该服务？</p><img style="display:block;width:400px;height:200px" alt="特惠">
        <button class="no">取消</button><button class="yes">确定</button>`, {yes: buy, no: () => {}})""",
    "a password": """lay(`<p>确认已收到该服务？</p><input type="password"><button class="no">取消</button>
        <button class="yes">确定</button>`, {yes: buy, no: () => {}})""",
    "another sum": """lay(`<p>确认已收到该服务？</p><b>¥99.00</b><button class="no">取消</button><button class="yes">确定</button>`,
        {yes: buy, no: () => {}})""",
    "only a button that sells": """lay(`<p>确认已收到该服务？</p><button class="no">取消</button>
        <button class="yes">确定并续费</button>`, {yes: buy, no: () => {}})""",
    "drawn ticked box": """lay(`<p>确认已收到该服务？</p><div><span style="display:inline-block;width:14px;height:14px;background:blue"></span>
        <span>开通自动续费</span></div><button class="no">取消</button><button class="yes">确定</button>`, {yes: buy, no: () => {}})""",
    "after ours": """lay(`<p>确认已收到该服务？</p><button class="no">取消</button><button class="yes">确定</button>`, {no: () => {},
        yes: () => { lay(`<p>开通会员尊享更多权益</p><button class="no">取消</button><button class="yes">确定</button>`,
          {yes: buy, no: () => {}}); }})""",
    "native": "(confirm('确认已收到该服务？同时为您开通连续包年') && buy())",
}


@pytest.mark.parametrize("name", FOREIGN_INSTEAD)
async def test_something_else_that_is_asked_in_our_place_is_declined_by_its_words(
    name: str, live: LivePage, shop: Shop
) -> None:
    with pytest.raises(PageChanged, match=r"declined|asks for money|no button to agree") as told:
        await press(live, shop, f"const go = n => {{ {FOREIGN_INSTEAD[name]} }}")
    assert isinstance(told.value, DialogDeclined)
    assert shop.posts == []


OURS = {
    "box unticked": """(() => { const d = lay(`<p>确认已收到该服务？</p><label><input type="checkbox" checked>到期自动续费</label>
        <button class="no">取消</button><button class="yes">确定</button>`,
        {yes: () => { d.querySelector('input').checked ? buy() : done(n); }, no: () => {}}); })()""",
    "switch unticked": """(() => { const d = lay(`<p>确认已收到该服务？</p><span>自动续费</span>
        <button role="switch" aria-checked="true" class="sw" style="width:40px;height:20px"></button>
        <button class="no">取消</button><button class="yes">确定</button>`, {no: () => {},
        sw: () => { const s = d.querySelector('.sw'); s.setAttribute('aria-checked', String(s.ariaChecked !== 'true')); return 'stay'; },
        yes: () => { d.querySelector('.sw').ariaChecked === 'true' ? buy() : done(n); }}); })()""",
    "drawn box with a role": """(() => { const d = lay(`<p>确认已收到该服务？</p><span role="checkbox" aria-checked="true" class="bx"
        style="display:inline-block;width:14px;height:14px;border:1px solid"></span><span>开通会员</span>
        <button class="no">取消</button><button class="yes">确定</button>`, {no: () => {},
        bx: () => { const s = d.querySelector('.bx'); s.ariaChecked = String(s.ariaChecked !== 'true'); return 'stay'; },
        yes: () => { d.querySelector('.bx').ariaChecked === 'true' ? buy() : done(n); }}); })()""",
    "two that agree": """lay(`<p>确认已收到该服务？</p><button class="buy">确定并续费</button><button class="no">取消</button>
        <button class="yes">确定</button>`, {yes: () => done(n), buy, no: () => {}})""",
    "words in pieces": """lay(`<p>确认<b>已收到</b>「<em>网店管家J系列</em>」？此操作<span>不可</span><b>撤销</b></p>
        <button class="no">取消</button><button class="yes">确定</button>`, {yes: () => done(n), no: () => {}})""",
    "a table of the order": f"""lay(`<h4>确认订单</h4><table><tr><td>订单编号<td>{FIRST}<tr><td>服务名称<td>网店管家J系列
        <tr><td>实付金额<td>¥62.80</table><p>确认后不可撤销</p><button class="no">取消</button><button class="yes">确认收货</button>`,
        {{yes: () => done(n), no: () => {{}}}})""",
    "a notice first": """lay(`<p>温馨提示：请仔细核对订单信息</p><button class="ok">我知道了</button>`, {ok: () => ours(n)})""",
    "two layers": """lay(`<p>确认已收到该服务？</p><button class="no">取消</button><button class="yes">确定</button>`, {no: () => {},
        yes: () => { lay(`<p>确认后款项将打给服务商，不可撤销，是否继续？</p><button class="no">取消</button>
        <button class="yes">继续</button>`, {yes: () => done(n), no: () => {}}); }})""",
    "the same layer twice": """(() => { const d = lay(`<b>提示</b><p>确认已收到该服务？</p><button class="no">取消</button>
        <button class="yes">确定</button>`, {no: () => {}, yes: () => { if (d.dataset.twice) { done(n); return; }
        d.dataset.twice = 1; d.querySelector('p').textContent = '确认后款项将打给服务商，不可撤销'; return 'stay'; }}); })()""",
    "below its row": """(() => { const own = [...document.querySelectorAll('tr')].find(r => r.textContent.includes(n));
        const r = document.createElement('tr'); r.innerHTML = `<td colspan="6">确认已收到该服务？ <button class="no">取消</button>
        <button class="yes">确定</button>`; own.after(r); r.querySelector('.yes').onclick = () => { r.remove(); done(n); }; })()""",
    "a remark that may be given": """lay(`<p>确认已收到该服务？</p><textarea placeholder="备注（选填）"></textarea>
        <button class="no">取消</button><button class="yes">确定</button>`, {yes: () => done(n), no: () => {}})""",
}


@pytest.mark.parametrize("name", OURS)
async def test_a_question_of_ours_is_agreed_to_however_it_is_drawn(name: str, live: LivePage, shop: Shop) -> None:
    await press(live, shop, f"const go = n => {{ {OURS[name]} }}")
    assert shop.posts == [f"/{FIRST}"]


COUNTING = {
    "in brackets": ("确定（2s）", "`确定（${left}s）`", "确定"),
    "a bare number": ("确认 (2)", "`确认 (${left})`", "确认"),
    "before the word": ("2秒后可确认", "`${left}秒后可确认`", "确认"),
    "other words": ("请阅读 2s", "`请阅读 ${left}s`", "我已阅读并确认"),
}


@pytest.mark.parametrize("name", COUNTING)
async def test_a_button_that_counts_down_is_waited_for(name: str, live: LivePage, shop: Shop) -> None:
    first, during, then = COUNTING[name]
    go = f"""const go = n => {{ const d = lay(`<p>确认后款项将结算给服务商，请仔细核对。</p><button class="no">取消</button>
      <button class="yes" disabled>{first}</button>`, {{yes: () => done(n), no: () => {{}}}});
      const yes = d.querySelector('.yes'); let left = 2; const t = setInterval(() => {{ left -= 1;
        if (left) {{ yes.textContent = {during}; return; }}
        clearInterval(t); yes.textContent = '{then}'; yes.disabled = false; }}, 1000); }}"""
    await press(live, shop, go)
    assert shop.posts == [f"/{FIRST}"]
