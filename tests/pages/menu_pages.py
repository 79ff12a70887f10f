"""Menus as back offices have them, each with the way to one list of service orders."""

# ruff: noqa: E501 - pages and lists of words read better in long lines

from tests.pages.mall import GOODS, JSON_LIST, ORDERS

STYLE = "<style>.gone{display:none} nav,aside,header{padding:8px} li,a,span,div.i{padding:4px} .item{cursor:pointer}</style>"
HOME = "<h2>首页</h2><p>今日访客 12</p><p>待发货 3</p>"
PLAIN = ORDERS.partition("<script>")[0]
LIST = f'<div id="main">{ORDERS}</div>'


def open_on(words: str, what: str) -> str:
    """A script that does something when the element with these words is clicked."""
    return (
        "<script>document.addEventListener('click', event => { const text = event.target.textContent.trim();"
        f"if (text === '{words}') {{ {what} }} }});</script>"
    )


GROUPS = f"""{STYLE}<aside class="sider"><div class="item" onclick="this.nextElementSibling.classList.toggle('gone')">商品中心</div>
<ul class="gone"><li><a href="/goods">商品管理</a></li></ul>
<div class="item" onclick="this.nextElementSibling.classList.toggle('gone')">服务市场</div>
<ul class="gone"><li><a href="/bought">我的订购</a></li></ul></aside>{HOME}"""
FLYOUT = f"""{STYLE}<style>.top li ul{{display:none;position:absolute}} .top li:hover ul{{display:block}}</style>
<header><ul class="top"><li>商品<ul><li><a href="/goods">宝贝管理</a></li></ul></li>
<li>服务<ul><li><a href="/bought">服务订购记录</a></li></ul></li></ul></header>{HOME}"""
MOUSE = f"""{STYLE}<nav><span class="item" onmouseenter="document.getElementById('m').classList.remove('gone')">应用中心</span>
<div id="m" class="gone"><div class="item" onclick="location.href='/bought'">已购应用</div></div></nav>{HOME}"""
TABS = f"""{STYLE}<div role="tablist"><span role="tab" class="item">概况</span><span role="tab" class="item">服务订单</span></div>
<div id="pane">{HOME}</div><script>{JSON_LIST}</script>{open_on("服务订单", "draw(document.getElementById('pane'))")}"""
CARDS = f"""{STYLE}{HOME}<div class="x3f"><div class="k9 item" onclick="location.href='/goods'"><i></i><b>商品</b></div>
<div class="k9 item" onclick="location.href='/bought'"><i></i><b>我的服务</b><p>查看已订购的应用</p></div></div>"""
ENTER = f"""{STYLE}{HOME}<section><div><h3>物流</h3><a href="/goods">进入</a></div>
<div><h3>已购服务</h3><a href="/bought">进入</a></div></section>"""
NEW_TAB = f"""{STYLE}<nav><a href="/goods">商品</a><a href="/bought" target="_blank">订购记录</a></nav>{HOME}"""
WINDOW = f"""{STYLE}<nav><span class="item" onclick="window.open('/bought')">我的应用</span></nav>{HOME}"""
HASH = f"""{STYLE}<nav><a href="#/home">首页</a><a href="#/bought">软件服务订单</a></nav><div id="app"></div>
<script>const draw = () => {{ document.getElementById('app').innerHTML = location.hash === '#/bought'
? {PLAIN!r} : '首页'; }}; addEventListener('hashchange', draw); draw();</script>"""
HISTORY = f"""{STYLE}<aside class="menu"><ul><li class="item">商品</li><li class="item">我的订购</li></ul></aside>
<div id="app">{HOME}</div><script>{JSON_LIST} const go = () => {{ if (location.pathname === '/s/bought') draw(app); }}; go();</script>
{open_on("我的订购", "history.pushState(0, '', '/s/bought'); go();")}"""
FRAME = f"""{STYLE}<aside class="left"><ul><li class="item" onclick="document.querySelector('iframe').src='/bought'">订购订单</li>
<li class="item" onclick="document.querySelector('iframe').src='/goods'">商品</li></ul></aside>
<iframe src="/welcome" width="900" height="400"></iframe>"""
TARGET = f"""{STYLE}<table><tr><td><a href="/goods" target="main">商品</a><br><a href="/bought" target="main">服务订购查询</a></td>
<td><iframe name="main" src="/welcome" width="900" height="400"></iframe></td></tr></table>"""
BURGER = f"""{STYLE}<header><button class="hamburger" onclick="document.getElementById('d').classList.remove('gone')">☰</button></header>
<div id="d" class="gone drawer"><a href="/goods">Products</a><a href="/bought">My services</a></div>{HOME}"""
NOTICE = f"""{STYLE}<nav><a href="/bought">我的订购</a><a href="/goods">商品</a></nav>{HOME}
<div class="modal" style="position:fixed;inset:0;background:#fff;z-index:9"><h3>平台公告</h3><p>规则有更新</p>
<button onclick="this.parentNode.remove()">我知道了</button></div>"""
TOUR = f"""{STYLE}<nav><a href="/bought">已购买的服务</a><a href="/goods">商品</a></nav>{HOME}
<div class="guide-mask" style="position:fixed;inset:0;background:rgba(0,0,0,.5);z-index:8"></div>
<div class="guide" style="position:fixed;left:300px;top:200px;background:#fff;z-index:9"><p>这里是新首页</p><span>1/3</span>
<button onclick="document.querySelectorAll('[class^=guide]').forEach(e => e.remove())">跳过</button><button>下一步</button></div>"""
MICRO = f"""{STYLE}<nav><x-menu></x-menu></nav><x-app></x-app><script>
customElements.define('x-menu', class extends HTMLElement {{ connectedCallback() {{ const r = this.attachShadow({{mode: 'open'}});
r.innerHTML = '<ul class="menu"><li style="cursor:pointer">我的应用</li></ul>';
r.querySelector('li').onclick = () => {{ document.querySelector('x-app').shadowRoot.innerHTML = {PLAIN!r}; }}; }} }});
customElements.define('x-app', class extends HTMLElement {{ connectedCallback() {{ this.attachShadow({{mode: 'open'}}).innerHTML = '首页'; }} }});
</script>"""
WEB_FORMS = f"""{STYLE}<form method="post" action="/post"><table><tr><td><a href="/goods.aspx">商品</a><br>
<a href="/bought.aspx">订购历史</a><br><a href="javascript:__doPostBack('x','')">服务续订</a></td><td>{HOME}</td></tr></table></form>"""
OWN_MENU = f"""{STYLE}<header><span class="user-name item" onmouseenter="document.getElementById('u').classList.remove('gone')">锦绣家居</span>
<div id="u" class="gone"><a href="/quit">退出登录</a><a href="/account">账户资料</a></div></header>{HOME}"""
ACCOUNT = f"""{STYLE}<ul class="ant-menu"><li class="ant-menu-item">安全</li><li class="ant-menu-item">增值服务</li></ul><div id="in"></div>
<script>document.querySelector('ul').addEventListener('click', event => {{ if (event.target.textContent === '增值服务')
document.getElementById('in').innerHTML = '<div role="tablist"><a role="tab" href="/account/1">可选</a><a role="tab" href="/bought">已订购(3)</a></div>'; }});</script>"""
ICON = f"""{STYLE}{HOME}<div class="rail"><a href="/goods" title="商品"><svg width="20" height="20"></svg></a>
<a href="/bought" title="软件订单"><svg width="20" height="20"></svg></a></div>"""
SEARCH = f"""{STYLE}{HOME}<input placeholder="搜索功能"><ul id="hits"></ul><script>
document.querySelector('input').oninput = event => {{ document.getElementById('hits').innerHTML =
event.target.value === '订购' ? '<li><a href="/buy/1">立即订购</a></li><li><a href="/bought">订购记录</a></li>' : ''; }};</script>"""
MARKET = f"""{STYLE}<nav><a href="/orders">订单管理</a><a href="/market">服务市场</a></nav>{HOME}"""
IN_MARKET = f"""{STYLE}<nav><a href="/market">市场首页</a><a href="/market/mine">我的订单</a></nav>
<div class="card"><b>打单软件</b><a href="/buy/1">立即订购</a></div><div class="card"><b>客服应用</b><a href="/market/app/2">详情</a></div>"""

PAGES = {
    "/goods": GOODS,
    "/goods.aspx": GOODS,
    "/orders": GOODS,
    "/welcome": HOME,
    "/bought": LIST,
    "/bought.aspx": LIST,
}
PAGES |= {
    "/market": IN_MARKET,
    "/market/mine": LIST,
    "/s/bought": HISTORY,
    "/api/orders/page": ORDERS,
    "/market/app/2": HOME,
    "/account": ACCOUNT,
}
MENUS = {
    "groups in a side bar": GROUPS,
    "a fly-out by style": FLYOUT,
    "a fly-out by script": MOUSE,
    "tabs, the list asked for by POST": TABS,
    "cards that are clicked": CARDS,
    "cards with a word like 进入": ENTER,
    "a link to another tab": NEW_TAB,
    "a window that a script opens": WINDOW,
    "routes behind a hash": HASH,
    "routes in the address": HISTORY,
    "a frame that a script fills": FRAME,
    "links into a frame": TARGET,
    "a menu behind ☰": BURGER,
    "a notice over everything": NOTICE,
    "a tour on the first visit": TOUR,
    "elements of their own": MICRO,
    "a page in one form": WEB_FORMS,
    "a menu below one's own name, then entries without a sign of it": OWN_MENU,
    "icons with nothing but a name": ICON,
    "a box that finds functions": SEARCH,
    "a market of its own, and a list of goods beside it": MARKET,
}
