'use strict';
// 京麦服务市场, as an application that paints nothing before it is loaded and knows who is logged in.
const SIZE = 10;
const COLUMNS = ['订单编号', '服务名称', '订购周期', '实付金额', '下单时间', '到期时间', '订单状态', '操作'];
const TABS = [['all', '全部订单'], ['wait_pay', '等待付款'], ['wait_confirm', '待确认'], ['finished', '已完成']];
const WIDTHS = [150, 220, 90, 110, 170, 170, 100, 190];
const app = document.getElementById('app');
let tab = 'all';
let page = 1;

function node(tag, name, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.append(...children);
  return made;
}

// Reads and writes are both POSTs; the `api` in the address tells them apart.
async function call(api, data = {}) {
  const address = '/jd/api?' + new URLSearchParams({ v: '1.0', appId: 'M7HNQWK3PZ0XV5RCTB2Y', api });
  const headers = { 'content-type': 'application/json', 'dsm-platform': 'pc', 'dsm-trace-id': crypto.randomUUID(), 'x-requested-with': 'XMLHttpRequest' };
  const body = JSON.stringify({ accessContext: { source: 'web' }, ...data, t: String(Date.now()) });
  const answer = await fetch(address, { method: 'POST', headers, body }).catch(() => { throw new Error('网络异常，请稍后重试'); });
  const told = await answer.json();
  if (told.code === 401) return leave();
  if (told.code !== 200) throw new Error(told.message);
  return told.data;
}

// Without a session the address stays for a moment, under a title that says where it is going.
function leave() {
  const login = app.dataset.login + '?ReturnUrl=' + encodeURIComponent(location.pathname);
  document.title = 'Loading https://passport.shop.jd.com' + login;
  setTimeout(() => { location.href = login; }, 600);
  return new Promise(() => {});
}

function two(number) {
  return String(number).padStart(2, '0');
}

function time(epoch) {
  if (!epoch) return '--';
  const at = new Date(epoch);
  return [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-') + ' ' + [at.getHours(), at.getMinutes(), at.getSeconds()].map(two).join(':');
}

function money(yuan) {
  return '￥' + yuan.toFixed(2);
}

function button(name, words, act) {
  const made = node('button', 'jm-button ' + name, words);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function toast(kind, words) {
  const shown = node('div', 'jm-message is-' + kind, words);
  document.body.append(shown);
  setTimeout(() => shown.remove(), 3000);
}

function buy(code) {
  call('dsm.fwmarket.order.create', { serviceCode: code }).then(() => toast('success', '下单成功，请尽快付款'), failed => toast('error', failed.message));
}

function ask(order) {
  const mask = node('div', 'jm-mask');
  const close = () => mask.remove();
  const agree = button('is-primary', '确定', () => {
    agree.disabled = true;
    call('dsm.fwmarket.order.confirm', { id: order.confirmId })
      .then(() => toast('success', '操作成功'), failed => toast('error', failed.message))
      .then(close).then(load);
  });
  const box = node('div', 'jm-message-box', node('div', 'title', '提示'),
    node('p', '', '确认服务已交付吗？确认后款项将结算给服务商。'), node('div', 'buttons', button('is-plain', '取消', close), agree));
  box.setAttribute('role', 'dialog');
  mask.append(box);
  document.body.append(mask);
}

function actions(order) {
  const cell = node('div', 'cell');
  if (order.canConfirm) cell.append(button('is-text', '确认', () => ask(order)));
  if (order.orderStatusName === '等待付款') cell.append(button('is-text', '去支付', () => buy(order.serviceCode)));
  else cell.append(button('is-text', '续费', () => buy(order.serviceCode)));
  cell.append(button('is-text', '查看详情', () => {}));
  return cell;
}

function row(order) {
  const service = node('div', 'cell', node('div', 'service-name', order.serviceName), node('div', 'service-code', order.serviceCode));
  const cells = [order.orderId ?? '', service, order.orderCycleName, money(order.totalRealpayPrice), time(order.orderDate),
    time(order.endDate), order.orderStatusName, actions(order)];
  return node('tr', 'jm-table__row', ...cells.map(cell => node('td', '', cell instanceof Node ? cell : node('div', 'cell', String(cell)))));
}

function group() {
  return node('colgroup', '', ...WIDTHS.map(width => { const col = node('col'); col.width = width; return col; }));
}

function draw(total, rows) {
  const body = node('table', 'jm-table__body', group(), node('tbody', '', ...rows));
  document.querySelector('.jm-table__body-wrapper').replaceChildren(...(rows.length ? [body] : [node('div', 'jm-table__empty', '暂无数据')]));
  const last = Math.max(1, Math.ceil(total / SIZE));
  const turn = (name, words, to) => {
    const made = button(name, words, () => { page = to; load(); });
    made.disabled = to < 1 || to > last;
    return made;
  };
  document.querySelector('.jm-pagination').replaceChildren(node('span', 'total', '共 ' + total + ' 条'),
    turn('btn-prev', '上一页', page - 1), node('span', 'number is-active', String(page)), turn('btn-next', '下一页', page + 1));
}

function load() {
  return call('dsm.fwmarket.order.listwithpage', { tab, currentPage: page, pageSize: SIZE })
    .then(data => draw(data.totalCount, data.resultList.map(row)))
    .catch(failed => {
      document.querySelector('.jm-table__body-wrapper').replaceChildren(node('div', 'jm-table__empty', failed.message, button('is-text', '重试', load)));
    });
}

function choose(name) {
  tab = name;
  page = 1;
  for (const one of document.querySelectorAll('.jm-tabs__item')) one.classList.toggle('is-active', one.dataset.tab === tab);
  return load();
}

function paint(shop) {
  const head = node('div', 'head', node('b', 'logo', '京麦服务市场'), node('a', 'is-active', '我的订单'), node('span', 'account', shop));
  const tabs = node('div', 'jm-tabs', ...TABS.map(([name, words]) => {
    const made = node('div', 'jm-tabs__item', words);
    made.dataset.tab = name;
    made.addEventListener('click', () => choose(name));
    return made;
  }));
  const header = node('table', 'jm-table__header', group(), node('thead', '', node('tr', '', ...COLUMNS.map(words => node('th', '', node('div', 'cell', words))))));
  const table = node('div', 'jm-table', node('div', 'jm-table__header-wrapper', header), node('div', 'jm-table__body-wrapper'));
  const offer = node('div', 'card offer', '网店管家 年付 8 折 ', button('is-primary', '立即订购', () => buy('FW_GOODS-54210')));
  app.append(head, node('div', 'main', node('div', 'card', node('h3', '', '服务订单'), tabs, table, node('div', 'jm-pagination')), offer),
    node('div', 'foot', '京麦服务市场（模拟页面）'));
}

// The scripts of the real page take about a second to come; until then nothing is painted.
setTimeout(() => call('dsm.seller.account.info').then(account => { paint(account.shopName); return choose('all'); }), 700);
