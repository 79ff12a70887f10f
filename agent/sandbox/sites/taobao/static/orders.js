'use strict';
// The order list, drawn from what the gateway tells. The address after # says which tab is open.
const SIZE = 10;
const list = document.getElementById('list');
const pager = document.getElementById('pager');
let tab = 'all';
let page = 1;
let calls = 0;

function node(tag, name, text, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

// JSONP, as the real page does it: a script whose answer calls back.
function mtop(api, data) {
  return new Promise((resolve, reject) => {
    const callback = 'mtopjsonp' + (++calls);
    const script = document.createElement('script');
    const done = act => value => { delete window[callback]; script.remove(); act(value); };
    window[callback] = done(resolve);
    script.onerror = done(() => reject(new Error('网络异常，请稍后重试')));
    const query = new URLSearchParams({
      jsv: '2.6.1', appKey: '12574478', t: Date.now(), type: 'jsonp', dataType: 'originaljsonp', valueType: 'string',
      callback, data: JSON.stringify(data),
    });
    script.src = '/taobao/h5/' + api + '/1.0/?' + query;
    document.head.append(script);
  }).then(checked);
}

function post(api, data) {
  return fetch('/taobao/h5/' + api + '/1.0/', { method: 'POST', body: new URLSearchParams({ ...data, t: Date.now() }) })
    .then(answer => answer.json().then(told => {
      if (!answer.ok) throw new Error(told.message);
      return told;
    }), () => { throw new Error('网络异常，请稍后重试'); })
    .then(checked);
}

function checked(answer) {
  const [code, words] = answer.ret[0].split(/::(?:SM::)?/);
  if (code === 'SUCCESS') return answer.data;
  if (code === 'FAIL_SYS_SESSION_EXPIRED') {
    location.href = '/taobao/login?redirectURL=' + encodeURIComponent(location.pathname + location.hash);
    return new Promise(() => {});
  }
  if (answer.data.url) punish(answer.data.url);
  throw new Error(words);
}

function punish(url) {
  if (document.getElementById('baxia-dialog-content')) return;
  const frame = document.createElement('iframe');
  frame.id = 'baxia-dialog-content';
  frame.src = url;
  document.body.append(node('div', 'baxia-dialog', '', frame));
}

function toast(words) {
  const shown = node('div', 'toast__5Xw1c', words);
  document.body.append(shown);
  setTimeout(() => shown.remove(), 4000);
}

function buy(code) {
  post('mtop.alibaba.topservice.order.create', { articleCode: code }).then(() => toast('下单成功，请尽快付款'), error => toast(error.message));
}

function button(kind, words, act) {
  const made = node('button', kind, words);
  made.type = 'button';
  if (act) made.addEventListener('click', act);
  return made;
}

function actions(order) {
  const cell = node('div', 'list-col__3diIn col-action__Zp31d');
  if (order.canConfirm === 'true') {
    cell.append(button('btn-confirm__7Gh2s', '确认', () => ask(order)), button('btn-confirm__7Gh2s btn-twin__0Pl9a', '确认'));
  } else if (order.statusText === '待付款') {
    cell.append(button('btn-pay__1Rt4e', '去付款', () => buy(order.articleCode)));
  } else if (order.bizOrderId) {
    cell.append(button('btn-link__4Fg8w', '立即续费', () => buy(order.articleCode)));
  }
  const detail = node('a', 'btn-link__4Fg8w', '详情');
  detail.href = 'javascript:void(0)';
  cell.append(detail);
  return cell;
}

function money(text) {
  return '¥' + Number(text).toLocaleString('en-US', { minimumFractionDigits: 2 });
}

function row(order) {
  const number = order.bizOrderId || (order.canConfirm === 'true' || !/交易成功|退款中|处理异常/.test(order.statusText) ? '--' : '');
  const numbers = node('div', 'list-col__3diIn', '', node('div', 'order-no__9cVb3', number));
  if (order.orderId) numbers.append(node('div', 'sub-no__3nMq6', '子订单号：' + order.orderId));
  const service = node('div', 'list-col__3diIn', '', node('div', 'article__2wEr5', order.articleName),
    node('div', 'code__6yUi1', order.articleCode), node('span', 'biz-type__8oPa4', order.bizType));
  const plain = text => node('div', 'list-col__3diIn', text);
  return node('div', 'list-row__9dPq2', '', numbers, plain(order.createTime), service, plain(order.shopName),
    plain(order.orderCycle), plain(money(order.actualFee)), plain(order.endTime), plain(order.statusText), actions(order));
}

function show(...content) {
  list.replaceChildren(...content);
  pager.replaceChildren();
}

function paging(total) {
  const last = Math.max(1, Math.ceil(total / SIZE));
  const go = (words, to, off) => {
    const made = button('page-btn__1Kx' + (to === page && !off && words === String(to) ? ' current' : ''), words, () => { page = to; load(); });
    made.disabled = off;
    return made;
  };
  pager.append(node('span', 'total', '共 ' + total + ' 条'), go('上一页', page - 1, page <= 1));
  for (let number = 1; number <= last; number++) pager.append(go(String(number), number, false));
  pager.append(go('下一页', page + 1, page >= last));
}

function load() {
  show(node('div', 'list-loading__Qm2x1', '加载中...'));
  const asked = tab + page;
  const data = { env: 'online', payUrl: '/ser/orderPayNew.htm', pageSize: SIZE, tabCode: tab, currentPage: String(page) };
  return mtop('mtop.alibaba.topservice.order.list.get', data).then(answer => {
    if (asked !== tab + page) return;
    const total = Number(answer.total);
    if (!total) { show(node('div', 'list-empty__Lk9d2', '暂无订单')); return; }
    show(...answer.list.map(row));
    paging(total);
  }).catch(error => show(node('div', 'list-error__Bv3n8', error.message, button('btn-link__4Fg8w', '刷新', load))));
}

// 确认订单: a dialog at the end of the document, as the component libraries do it.
function ask(order) {
  const mask = node('div', 'dialog-mask__2Sd5f');
  const close = () => mask.remove();
  const ok = button('btn-primary__6Hj1k', '确定', () => {
    ok.disabled = true;
    post('mtop.alibaba.topservice.order.confirm', { confirmId: order.confirmId })
      .then(() => toast('确认成功'), error => toast(error.message))
      .then(close).then(load);
  });
  mask.append(node('div', 'dialog__9Kl3m', '',
    node('div', 'dialog-title__0Xc7v', '确认订单?'),
    node('p', '', '确认后款项将结算给服务商，且不可撤销，请确认服务已正常使用。'),
    node('p', 'dialog-order__4Bn8z', order.articleName + '　' + order.createTime + '　' + money(order.actualFee)),
    node('div', 'dialog-footer__5Qw2e', '', button('btn-normal__3Er6t', '取消', close), ok)));
  mask.firstChild.setAttribute('role', 'dialog');
  document.body.append(mask);
}

function route() {
  tab = location.hash.replace(/^#\/?/, '').split('?')[0] || 'all';
  page = 1;
  document.querySelectorAll('.btn-tab').forEach(one => one.classList.toggle('active', one.dataset.tab === tab));
  load();
}

const promo = document.querySelector('.promo__8Jd2k');
promo.querySelector('.close').addEventListener('click', () => promo.remove());
promo.querySelector('[data-buy]').addEventListener('click', event => buy(event.target.dataset.buy));
window.addEventListener('hashchange', route);
mtop('mtop.taobao.jdy.resource.shop.info.get', {}).then(shop => {
  document.querySelector('.shop-name__2Kd8f').textContent = shop.shopName;
  document.querySelector('.nick__1pQx0').textContent = shop.nick;
}).catch(() => {});
route();
