'use strict';
// 微盟's orders: a card for each, its values behind their labels. A session that is lost is told where the cards would be.
const cards = document.getElementById('cards');

function node(tag, name, text, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function button(name, words, act) {
  const made = node('button', name, words);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function toast(words) {
  const shown = node('div', 'toast', words);
  document.body.append(shown);
  setTimeout(() => shown.remove(), 3000);
}

async function post(address, data) {
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ ...data, t: Date.now() }) })
    .catch(() => { throw new Error('网络异常，请稍后重试'); });
  const told = await answer.json();
  if (!answer.ok || !told.success) throw new Error(told.message);
  return told.message;
}

function note(words, ...more) {
  document.getElementById('total').textContent = '';
  cards.replaceChildren(node('p', 'note', words, ...more));
}

function load() {
  return fetch('/weimob/fuwu/api/order/list').then(answer => answer.json()).then(told => {
    if (told.code === '-1') return note(told.message, Object.assign(node('a', '', '去登录'), { href: '/weimob/login.html?back=/weimob/fuwu/orders' }));
    if (told.code !== '0') return note(told.message);
    document.getElementById('shop').textContent = told.data.shopName;
    if (!told.data.totalCount) return note('暂无订单');
    cards.replaceChildren(...told.data.pageList.map(card));
    document.getElementById('total').textContent = '共 ' + told.data.totalCount + ' 条';
  }, () => note('网络异常，请稍后重试'));
}

function card(order) {
  const value = (label, said) => node('div', 'pair_3fK2x', '', node('span', 'label_8sQ1z', label + '：'), node('span', '', said));
  return node('div', 'card_b7Wn4', '',
    node('div', 'head_k2Lp9', '', node('span', '', '订单编号：' + order.orderNo), node('span', '', '下单时间：' + order.createTime)),
    node('div', 'body_v5Rt0', '',
      node('div', 'product_d1Xe6', '', node('div', 'name_h4Jm3', order.productName), node('div', 'code_t9Vc8', '服务编码：' + order.productCode)),
      value('实付金额（分）', String(order.payAmount)), value('订购周期', order.period), value('到期时间', order.expireTime),
      value('订单状态', order.statusDesc), actions(order)));
}

function actions(order) {
  const cell = node('div', 'actions_m0Gz7');
  if (order.confirmable) cell.append(button('main_p3Ub5', '确认', event => ask(event.target.parentElement, order)));
  else cell.append(button('plain_y8Do1', order.statusDesc === '待付款' ? '去付款' : '续费', () => buy(order.productCode)));
  return cell;
}

// A bubble in the card asks once more.
function ask(cell, order) {
  const bubble = node('div', 'bubble_c2Fi9');
  const ok = button('main_p3Ub5', '确定', () => {
    ok.disabled = true;
    post('/weimob/fuwu/api/order/confirm', { id: order.id }).then(toast, error => toast(error.message)).then(load);
  });
  bubble.append(node('p', '', '确认该服务已完成？'), button('plain_y8Do1', '取消', () => bubble.remove()), ok);
  bubble.setAttribute('role', 'tooltip');
  cell.append(bubble);
}

function buy(code) {
  post('/weimob/fuwu/api/order/create', { productCode: code }).then(toast, error => toast(error.message));
}

document.querySelector('[data-buy]').addEventListener('click', event => buy(event.target.dataset.buy));
load();
