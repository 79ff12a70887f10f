'use strict';
const PAGES = { login, shops, orders };

function login() {
  const form = document.getElementById('login-form');
  const behavior = document.getElementById('behavior');
  let tab = 'captcha';
  document.querySelector('.switch-type > img').addEventListener('click', () => {
    const qr = document.getElementById('qrcode'), account = document.getElementById('account');
    [qr.hidden, account.hidden] = [!qr.hidden, !account.hidden];
  });
  document.querySelectorAll('.tab-item').forEach(item => item.addEventListener('click', () => {
    tab = item.classList.contains('js-tab-password-login') ? 'password' : 'captcha';
    document.querySelectorAll('.tab-item').forEach(other => other.classList.toggle('active', other === item));
    document.querySelectorAll('[data-tab]').forEach(panel => { panel.hidden = panel.dataset.tab !== tab; });
  }));
  const fail = words => { document.getElementById('error').textContent = words; };
  const send = offset => {
    if (!form.phoneInfo.value.trim() || (tab === 'password' && !form.password.value)) return fail('请填写帐号和密码');
    if (tab === 'captcha') return fail('短信验证码已过期，请重新获取');
    fail('');
    const data = { phoneInfo: form.phoneInfo.value, password: form.password.value, behavior: offset };
    return ask(form.getAttribute('action'), data).then(told => {
      if (told.code === 10111) behavior.hidden = false;
      else if (told.code === 0) location.href = told.data.redirectUrl;
      else fail(told.msg);
    }).catch(error => fail(error.message));
  };
  form.addEventListener('submit', event => { event.preventDefault(); send(''); });
  if (behavior) draggable(behavior.querySelector('.slide-handle__2wEv7'), far => { behavior.hidden = true; send(Math.round(far)); });
}

function checked(told, good) {
  if (told.code === good) return told.data;
  if (told.code === 400) location.href = '/youzan/login?redirectUrl=' + encodeURIComponent(location.pathname);
  if (told.code === 10301) location.href = '/youzan/v4/shop/shop-list#/';
  throw new Error(told.msg);
}

function shops() {
  const box = document.getElementById('shops');
  ask('/youzan/v4/shop/api/list.json').then(told => checked(told, 0)).then(data => box.append(...data.items.map(shop => node(
    'div', { class: 'shop-item__1gIq5', title: shop.shop_name, onclick: () => { location.href = '/youzan/v2/account/team/change.html?kdt_id=' + shop.kdt_id; } },
    node('div', { class: 'name-str' }, shop.shop_name), node('div', { class: 'shop-kind__2fJp6' }, '微商城 · 高级管理员'),
  )))).catch(error => box.append(error.message));
}

const WORDS = { WAIT_PAY: '待付款', TRADE_SUCCESS: '已完成', TRADE_CLOSED: '已关闭', REFUNDING: '退款中' };
const HEADINGS = ['应用名称', '订单编号', '订购时间', '订购周期', '实付金额(元)', '到期时间', '订单状态', '操作'];

function orders() {
  const grid = document.getElementById('grid');
  const say = (name, ...what) => grid.replaceChildren(node('div', { class: name }, ...what));
  let items = [];

  const buy = app => ask('/youzan/transaction/payment.json', { appId: app })
    .then(told => notify(told.message), error => notify(error.message));
  const link = (words, act) => node('a', { class: 'grid-link__3eKo7', href: 'javascript:void(0)', onclick: act }, words);
  const row = item => [
    [node('div', { class: 'app-name__4dLn8' }, item.app_name), node('div', { class: 'app-id__5cMm9' }, '应用ID：' + item.app_id + '　' + item.sku_version_text)],
    [item.tid], [moment(item.created_time)], [item.sku_interval_text], [item.real_pay], [item.end_time],
    [WORDS[item.order_status] || item.order_status],
    item.order_status === 'WAIT_PAY' ? [link('去支付', () => buy(item.app_id))] : [link('去使用', () => {}), link('前往续订', () => buy(item.app_id))],
  ];
  const draw = state => {
    const shown = items.filter(item => !state || item.order_status === state);
    if (!shown.length) return say('zent-grid-empty', '暂无数据');
    const line = (kind, cells) => node('tr', { class: 'zent-grid-tr' }, ...cells.map(cell => node(kind, { class: 'zent-grid-' + kind }, ...[cell].flat())));
    grid.replaceChildren(
      node('table', { class: 'zent-grid-table' }, node('thead', {}, line('th', HEADINGS)), node('tbody', { class: 'zent-grid-tbody' }, ...shown.map(item => line('td', row(item))))),
      node('div', { class: 'zent-pagination' }, '共 ' + shown.length + ' 条，每页 10 条'));
  };
  const load = () => {
    say('zent-loading', '加载中...');
    ask('/youzan/v3/appstore/order/list.json?page_no=1&page_size=10').then(told => checked(told, 200)).then(data => {
      document.getElementById('team').textContent = data.kdt_name;
      items = data.items;
      draw('');
    }).catch(error => say('zent-grid-empty', error.message, node('button', { type: 'button', class: 'zent-btn', onclick: load }, '重试')));
  };
  document.querySelectorAll('.zent-tabs-tab').forEach(tab => tab.addEventListener('click', () => {
    document.querySelectorAll('.zent-tabs-tab').forEach(other => other.classList.toggle('zent-tabs-tab--active', other === tab));
    draw(tab.dataset.state);
  }));
  document.getElementById('promo').addEventListener('click', () => buy('42149'));
  load();
}

function notify(words) {
  const shown = node('div', { class: 'zent-notify' }, words);
  document.body.append(shown);
  setTimeout(() => shown.remove(), 3000);
}

PAGES[document.body.dataset.page]();
