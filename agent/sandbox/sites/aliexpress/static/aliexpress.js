'use strict';
// The heading and the rows are two tables. Times are shown as they come: in milliseconds.
const body = document.getElementById('body');
const told = words => toast('toast--3oPz', words);
const buy = code => post('/aliexpress/web/order/create.do', { articleCode: code }).then(answer => told(answer.message), error => told(error.message));
let calls = 0;

function mtop(api) {
  return new Promise((resolve, reject) => {
    const callback = 'mtopjsonp' + (++calls);
    const script = document.createElement('script');
    const done = act => value => { delete window[callback]; script.remove(); act(value); };
    window[callback] = done(resolve);
    script.onerror = done(() => reject(new Error('网络异常，请稍后重试')));
    script.src = '/aliexpress/h5/' + api + '/1.0/?jsv=2.6.1&type=jsonp&callback=' + callback + '&t=' + Date.now();
    document.head.append(script);
  }).then(checked);
}

function checked(answer) {
  const [code, words] = answer.ret[0].split(/::(?:SM::)?/);
  if (code === 'SUCCESS') return answer.data;
  if (code === 'FAIL_SYS_SESSION_EXPIRED') {
    location.href = '/aliexpress/csp_login.htm?return_url=' + encodeURIComponent(location.pathname);
    return new Promise(() => {});
  }
  if (answer.data.url) punish(answer.data.url);
  throw new Error(words);
}

function punish(url) {
  const frame = node('iframe');
  frame.id = 'baxia-dialog-content';
  frame.src = url;
  document.body.append(node('div', 'baxia-dialog', '', frame));
}

function action(order) {
  if (order.confirmable) return button('act--2wSx', '确认', () => ask(order));
  const words = order.status === '待付款' ? '去付款' : '立即续费';
  return button('link--5eDc', words, () => buy(order.article_code));
}

function row(order) {
  const number = order.order_id || (order.confirmable ? '确认后显示' : order.status === '待付款' ? '--' : '');
  const service = node('td', '', '', node('div', '', order.article_name), node('div', 'code--9pLk', order.article_code));
  const plain = text => node('td', '', String(text));
  return node('tr', '', '', plain(number), plain(order.create), service, plain(order.order_cycle),
    plain('¥' + (order.total_pay_fee / 100).toFixed(2)), plain(order.order_cycle_end || '--'), plain(order.status),
    node('td', '', '', action(order)));
}

function ask(order) {
  const mask = node('div', 'mask--8tGb');
  const ok = button('act--2wSx', '确定', () => {
    ok.disabled = true;
    post('/aliexpress/web/order/confirm.do', { id: order.key })
      .then(answer => told(answer.message), error => told(error.message)).then(() => mask.remove()).then(load);
  });
  mask.append(node('div', 'box--0uJm', '', node('b', '', '确认订单？'), node('p', '', order.article_name + '，确认后不可撤销。'),
    node('div', 'feet--1iKl', '', button('link--5eDc', '取消', () => mask.remove()), ok)));
  document.body.append(mask);
}

function note(...content) {
  body.replaceChildren(node('div', 'note--6rFv', ...content));
}

function load() {
  note('加载中...');
  return mtop('mtop.ae.vas.order.search').then(data => {
    document.getElementById('store').textContent = data.storeName;
    if (!data.totalItem) { note('暂无订单'); return; }
    body.replaceChildren(node('table', 'rows--4mNt', '', ...data.articleBizOrders.map(row)), node('p', '', '共 ' + data.totalItem + ' 条'));
  }).catch(error => note(error.message, button('link--5eDc', '刷新', load)));
}

document.getElementById('buy').addEventListener('click', () => buy('FW_GOODS-1000569965'));
load();
