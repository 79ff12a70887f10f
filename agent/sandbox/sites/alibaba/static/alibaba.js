'use strict';
// One card an order. Each call carries the page's ctoken.
const list = document.getElementById('orders');
const told = words => toast('next-message', words);
const call = name => '/alibaba/vendor/order/' + name + '.json?ctoken=' + document.body.dataset.ctoken;
const buy = code => post(call('buy'), { service_code: code }).then(answer => told(answer.message), error => told(error.message));

function pair(label, value) {
  return node('dl', 'sc-pair', '', node('dt', '', label), node('dd', '', value));
}

function actions(order) {
  const made = node('div', 'sc-actions');
  if (order.confirmable) made.append(button('next-btn next-btn-primary', '确认', () => ask(order)));
  else if (order.current_status === '待付款') made.append(button('next-btn', '去付款', () => buy(order.service_code)));
  else made.append(button('next-btn', '续费', () => buy(order.service_code)));
  return made;
}

function card(order) {
  return node('div', 'sc-order', '',
    node('div', 'sc-order-head', '', node('span', '', '订单编号：' + order.order_no), node('span', '', '创建时间：' + order.create_time)),
    node('div', 'sc-order-body', '',
      node('div', 'sc-title', order.order_title), node('span', 'sc-code', '服务编码：' + order.service_code),
      pair('实付金额', order.currency + ' ' + order.transaction_price), pair('到期时间', order.expire_time),
      pair('订单状态', order.current_status), actions(order)));
}

function dialog(title, words, ...buttons) {
  const box = node('div', 'next-dialog', '', node('b', '', title), node('p', '', words), node('div', 'next-dialog-footer', '', ...buttons));
  box.setAttribute('role', 'dialog');
  const overlay = node('div', 'next-overlay', '', box);
  document.body.append(overlay);
  return overlay;
}

function ask(order) {
  const ok = button('next-btn next-btn-primary', '确定', () => {
    ok.disabled = true;
    post(call('confirm'), { id: order.id })
      .then(answer => told(answer.message), error => told(error.message)).then(() => overlay.remove()).then(load);
  });
  const overlay = dialog('确认服务已开通？', '订单编号：' + order.order_no + '，确认后款项将结算给服务商。',
    button('next-btn', '取消', () => overlay.remove()), ok);
}

function expired() {
  const here = '/alibaba/newlogin/icbuLogin.htm?return_url=' + encodeURIComponent(location.pathname);
  dialog('登录超时', '您已长时间未操作，请重新登录。', button('next-btn next-btn-primary', '重新登录', () => { location.href = here; }));
}

function failed(words) {
  list.replaceChildren(node('div', 'next-error', words, button('next-btn', '刷新', load)));
}

async function load() {
  list.replaceChildren(node('div', 'next-loading', '加载中...'));
  try {
    const answer = await (await fetch(call('list') + '&page=1&page_size=10')).json();
    if (answer.code === 'NOT_LOGIN') { list.replaceChildren(); expired(); return; }
    if (!answer.success) { failed(answer.message); return; }
    const orders = answer.data.list;
    list.replaceChildren(...(orders.length ? orders.map(card) : [node('div', 'next-empty', '没有相关订单')]));
    if (orders.length) list.append(node('div', 'next-total', '共 ' + answer.data.total + ' 条'));
  } catch (error) {
    failed('网络异常，请稍后重试');
  }
}

document.getElementById('buy').addEventListener('click', () => buy('ISVXX519870'));
load();
