'use strict';
const PAGES = { login, orders };

function send(address, data) {
  const asked = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(data) };
  return fetch(address, asked).then(answer => answer.json().then(told => {
    if (answer.status === 401) location.href = '/pinduoduo/login/?redirectUrl=' + encodeURIComponent(location.pathname);
    if (!told.success) throw Object.assign(new Error(told.errorMsg || told.message), { code: told.errorCode });
    return told.result;
  }), () => { throw new Error('网络异常，请稍后再试'); });
}

// beast-core's modal: over everything, until one of its buttons is pressed.
function modal(title, words, ...buttons) {
  const mask = node('div', { class: 'MDL_mask_5-52-0', 'data-testid': 'beast-core-modal' });
  mask.append(node('div', { class: 'MDL_box_5-52-0' }, node('h4', {}, title), node('p', {}, words), node('div', { class: 'MDL_footer_5-52-0' },
    ...buttons.map(words => node('button', { type: 'button', class: 'BTN_outerWrapper_5-52-0', onclick: () => mask.remove() }, words)))));
  document.body.append(mask);
}

function login() {
  const form = document.getElementById('form');
  const slider = document.getElementById('slider');
  modal('登录安全升级通知', '为保障您的资金安全，请勿将账号密码告知他人。', '我知道了');
  document.querySelectorAll('[data-way]').forEach(tab => tab.addEventListener('click', () => {
    document.querySelectorAll('[data-way]').forEach(other => other.classList.toggle('Common_checked__1oLdj', other === tab));
    document.querySelectorAll('[data-panel]').forEach(panel => { panel.hidden = panel.dataset.panel !== tab.dataset.way; });
  }));
  const submit = token => {
    const fail = words => { document.getElementById('error').textContent = words; };
    if (!form.username.value.trim() || !form.password.value) return fail('请输入账号和密码');
    fail('');
    const data = { username: form.username.value, password: btoa(unescape(encodeURIComponent(form.password.value))), verifyAuthToken: token, redirectUrl: form.dataset.target };
    return send('/pinduoduo/janus/api/auth', data).then(result => { location.href = result.redirectUrl; }).catch(error => {
      if (error.code === 54001) slider.hidden = false;
      else if (error.code === 8000047) modal('风险提示', error.message, '修改密码', '我知道了');
      else fail(error.message);
    });
  };
  form.addEventListener('submit', event => { event.preventDefault(); submit(''); });
  if (slider) draggable(slider.querySelector('i'), far => { if (far > 120) { slider.hidden = true; submit('passed'); } });
}

const COLUMNS = [['订单编号', 250], ['下单时间', 170], ['服务名称', 190], ['规格', 190], ['实付金额', 100], ['支付状态', 90], ['订单状态', 90], ['到期时间', 170], ['操作', 110]];

function orders() {
  const body = document.querySelector('[data-testid="beast-core-table-middle-tbody"]');
  const under = document.getElementById('under');
  const pager = document.getElementById('pager');
  let list = [];

  for (const id of ['head-cols', 'body-cols']) document.getElementById(id).append(...COLUMNS.map(([, width]) => node('col', { style: 'width:' + width + 'px' })));
  document.querySelector('[data-testid="beast-core-table-middle-header"]').append(node('tr', { 'data-testid': 'beast-core-table-header-tr' },
    ...COLUMNS.map(([words]) => node('th', { 'data-testid': 'beast-core-table-th', class: 'TB_th_5-52-0' }, words))));

  const say = (...what) => { body.replaceChildren(); pager.replaceChildren(); under.replaceChildren(node('div', { class: 'TB_empty_5-52-0' }, ...what)); };
  const buy = order => send('/pinduoduo/service-market/api/order/create', { skuId: order.service_id, t: Date.now() })
    .then(() => modal('提示', '下单成功，请尽快付款', '我知道了'), error => modal('提示', error.message, '我知道了'));
  const cell = (rows, ...what) => node('td', { 'data-testid': 'beast-core-table-td', class: 'TB_td_5-52-0', rowspan: rows }, ...what);
  const line = (...cells) => node('tr', { 'data-testid': 'beast-core-table-body-tr', class: 'TB_tr_5-52-0' }, ...cells);
  const link = (words, act) => node('a', { class: 'BTN_link_5-52-0', href: 'javascript:void(0)', onclick: act || (() => {}) }, words);

  // An order with a gift takes two lines: what belongs to the order as a whole spans both.
  const group = order => {
    const rows = order.gift ? 2 : 1;
    const number = node('span', order.font ? { class: 'spider-font__2kPq7' } : {}, order.order_sn);
    const first = line(
      cell(rows, number), cell(rows, moment(order.create_time)), cell(1, node('b', {}, order.service_name)), cell(1, order.sku_spec),
      cell(rows, '¥' + (order.amount / 100).toFixed(2)), cell(rows, order.pay_status ? '已支付' : '未支付'), cell(rows, order.order_status_desc),
      cell(rows, order.expire), cell(rows, order.pay_status ? link('续费', () => buy(order)) : link('去支付', () => buy(order)), link('查看详情')));
    return order.gift ? [first, line(cell(1, order.gift), cell(1, '赠品'))] : [first];
  };
  const draw = status => {
    const shown = list.filter(order => status === '' || String(order.order_status) === status);
    if (!shown.length) return say('暂无数据');
    under.replaceChildren();
    body.replaceChildren(...shown.flatMap(group));
    pager.replaceChildren('共有 ' + shown.length + ' 条');
  };
  const load = () => send('/pinduoduo/service-market/api/order/list', { pageNumber: 1, pageSize: 10 }).then(result => { list = result.list; draw(''); })
    .catch(error => say(error.message, link('重新加载', load)));
  document.querySelectorAll('.tabs__4Ui7g span').forEach(tab => tab.addEventListener('click', () => {
    document.querySelectorAll('.tabs__4Ui7g span').forEach(other => other.classList.toggle('TAB_active_5-52-0', other === tab));
    draw(tab.dataset.status);
  }));
  fetch('/pinduoduo/earth/api/mallInfo/querySimpleCredential').then(answer => answer.json())
    .then(told => { if (told.success) document.getElementById('mall').textContent = told.result.mallName; });
  // The table stands empty for a moment before its data is even asked for.
  setTimeout(load, 300);
}

PAGES[document.body.dataset.page]();
