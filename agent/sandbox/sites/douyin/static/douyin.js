'use strict';
// 抖店 as one page. Which view it draws depends on the address and on whether a session answers: the log-in comes up in
// the place of what was asked for, and the address stays.
const LOGIN = '/douyin/login/common';
const HOME = '/douyin/ffa/mshop/homepage/index';
const root = document.getElementById('root');
const captcha = document.getElementById('captcha_container');
const COLUMNS = [['订单编号', 190], ['服务信息', 190], ['下单时间', 150], ['服务周期', 80], ['到期时间', 150], ['实付金额', 100], ['订单状态', 100], ['操作', 190]];

function draw(name) {
  root.replaceChildren(document.getElementById(name).content.cloneNode(true));
  return root;
}

function node(tag, name, text, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function button(kind, words, act) {
  const made = node('button', 'auxo-btn auxo-btn-' + kind, '', node('span', '', words));
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function message(words) {
  const shown = node('div', 'auxo-message-notice', '', node('span', '', words));
  document.body.append(shown);
  setTimeout(() => shown.remove(), 3000);
}

async function answer(address, form) {
  const asked = form && { method: 'POST', body: new URLSearchParams({ ...form, _t: Date.now() }) };
  const told = await fetch(address, asked).catch(() => { throw new Error('网络异常，请稍后重试'); });
  const read = await told.json();
  if (!told.ok) throw new Error(read.message);
  return read;
}

// the log-in

function login() {
  draw('login');
  const form = root.querySelector('form');
  const open = name => {
    root.querySelectorAll('[data-tab]').forEach(tab => tab.classList.toggle('account-center-tab-active', tab.dataset.tab === name));
    root.querySelectorAll('[data-panel]').forEach(panel => { panel.hidden = panel.dataset.panel !== name; });
  };
  root.querySelectorAll('[data-tab]').forEach(tab => tab.addEventListener('click', () => open(tab.dataset.tab)));
  root.querySelector('[data-qr]').addEventListener('click', () => root.querySelectorAll('[data-way]').forEach(way => { way.hidden = !way.hidden; }));
  root.querySelector('[data-send]').addEventListener('click', () => message('请输入正确的手机号'));
  form.addEventListener('submit', event => { event.preventDefault(); send(form); });
  open('mobile');
}

function send(form, passed = '') {
  const value = name => form.elements[name].value.trim();
  if (form.querySelector('[data-panel=email]').hidden) return message(value('code') ? '验证码错误' : '请输入验证码');
  if (!value('email')) return message('请输入邮箱');
  if (!value('password')) return message('请输入密码');
  if (!form.elements.agreed.checked) return message('请先勾选同意协议');
  const sent = { email: value('email'), password: form.elements.password.value, captcha: passed };
  answer('/douyin/passport/email/login', sent).then(told => {
    if (told.code === 1105) puzzle(() => send(form, 'passed'));
    else if (told.code) message(told.msg);
    else if (told.data.verify) verify(told.data.ticket, sent.email);
    else shops(told.data);
  }).catch(error => message(error.message));
}

// The frame is always there, at the size that browsers give it; to be solved it is drawn at 340 x 340.
function puzzle(then) {
  if (!captcha.firstElementChild) captcha.append(Object.assign(document.createElement('iframe'), { src: '/douyin/captcha/index.html' }));
  captcha.classList.add('shown');
  window.addEventListener('message', () => { captcha.classList.remove('shown'); then(); }, { once: true });
}

function verify(ticket, email) {
  draw('verify').querySelector('[data-to]').textContent = email.replace(/^(.).*@/, '$1***@');
  const form = root.querySelector('form');
  form.addEventListener('submit', event => {
    event.preventDefault();
    answer('/douyin/passport/email/verify', { ticket, code: form.elements.code.value.trim() })
      .then(told => told.code ? message(told.msg) : shops(told.data)).catch(error => message(error.message));
  });
}

function shops({ ticket, shops: list }) {
  draw('shops').querySelector('.roleList__r7Tz3').append(...list.map(shop => {
    const item = node('div', 'roleItem__n5Fk8', '', node('div', 'introName__d0Wq3', shop.name), node('div', 'introRole__j9Bt7', shop.role));
    item.addEventListener('click', () => answer('/douyin/passport/shop/choose', { ticket, id: shop.id })
      .then(told => told.code ? message(told.msg) : arrive()).catch(error => message(error.message)));
    return item;
  }));
}

// what is behind it

function arrive() {
  const view = location.pathname === '/douyin/orders' ? 'orders' : 'home';
  return answer('/douyin/center/qualification/shop/info').then(told => {
    if (told.code) return login();
    draw(view).querySelector('.shopName__b6Cx2').textContent = told.data.shop_name;
    if (view === 'orders') orders();
  });
}

function orders() {
  const widths = () => COLUMNS.map(([, width]) => Object.assign(document.createElement('col'), { width }));
  root.querySelector('.auxo-table-header colgroup').append(...widths());
  root.querySelector('.auxo-table-thead tr').append(...COLUMNS.map(([title]) => node('th', 'auxo-table-cell', title)));
  root.querySelector('[data-buy]').addEventListener('click', event => buy(event.target.dataset.buy));
  load(widths);
}

function load(widths) {
  const body = root.querySelector('.auxo-table-body');
  answer('/douyin/api/order/list').then(told => {
    if (told.code === 10008) return login();
    if (told.code) throw new Error(told.msg);
    const again = () => load(widths);
    const rows = told.data.list.map(order => row(order, again));
    body.replaceChildren(rows.length ? node('table', '', '', node('colgroup', '', '', ...widths()), node('tbody', 'auxo-table-tbody', '', ...rows))
      : node('div', 'auxo-empty-description', '暂无数据'));
    root.querySelector('.auxo-table-pagination').textContent = '共 ' + told.data.total + ' 条';
  }).catch(error => body.replaceChildren(node('div', 'auxo-empty-description', error.message)));
}

function row(order, again) {
  const plain = text => node('td', 'auxo-table-cell', text);
  const service = node('td', 'auxo-table-cell', '', node('div', 'name__s2Jx5', order.service_name), node('div', 'sub__z8Rc1', '服务ID ' + order.service_id));
  const made = node('tr', 'auxo-table-row auxo-table-row-level-0', '', plain(order.order_id), service, plain(order.create_time), plain(order.cycle),
    plain(order.expire_time), plain(money(order)), node('td', 'auxo-table-cell', '', node('span', 'tag__y6Kv4', order.status_text)), actions(order, again));
  made.dataset.rowKey = order.id;
  return made;
}

function money(order) {
  return '¥' + (order.pay_amount / 100).toLocaleString('en-US', { minimumFractionDigits: 2 });
}

function actions(order, again) {
  const cell = node('td', 'auxo-table-cell');
  if (order.can_confirm) cell.append(button('primary', '确认', () => ask(order, again)));
  else if (order.status_text === '待支付') cell.append(button('primary', '去支付', () => buy(order.service_id)));
  else cell.append(button('link', '续费', () => buy(order.service_id)));
  cell.append(button('link', '订单详情', () => {}));
  return cell;
}

function buy(service) {
  answer('/douyin/api/order/create', { service_id: service }).then(told => message(told.message), error => message(error.message));
}

function ask(order, again) {
  const wrap = node('div', 'auxo-modal-root');
  const ok = button('primary', '确定', () => {
    ok.disabled = true;
    answer('/douyin/api/order/confirm', { id: order.id })
      .then(told => message(told.message), error => message(error.message))
      .then(() => wrap.remove()).then(again);
  });
  wrap.append(node('div', 'auxo-modal', '', node('div', 'auxo-modal-title', '确认服务已完成？'),
    node('p', '', order.service_name + '，确认后款项将结算给服务商，不可撤销。'),
    node('div', 'auxo-modal-footer', '', button('default', '取消', () => wrap.remove()), ok)));
  wrap.firstChild.setAttribute('role', 'dialog');
  document.body.append(wrap);
}

// Whoever has a session is led on from the log-in page; everyone else stays where they are.
if (location.pathname === LOGIN) {
  answer('/douyin/center/qualification/shop/info').then(told => { told.code ? login() : location.replace(HOME); }, login);
} else {
  arrive();
}
