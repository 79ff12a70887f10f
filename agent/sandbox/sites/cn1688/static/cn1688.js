'use strict';
// The application in the frame, built with antd, which parts the two characters of a short button.
const root = document.getElementById('root');
const HEADS = ['订单编号', '产品名称', '下单时间', '服务到期', '服务确认时间', '数量', '实付金额（元）', '服务状态', '操作'];
const told = words => toast('ant-message-notice', words);
const buy = product => post('/1688/isv-container/order/operate.json', { productName: product }).then(answer => told(answer.message), error => told(error.message));

function cells(tag, values) {
  return values.map(value => node(tag, 'ant-table-cell', '', value));
}

function actions(order) {
  const cell = node('span', 'ant-space');
  if (order.confirmable) cell.append(button('ant-btn ant-btn-primary', '确 认', () => ask(order)));
  else if (order.bizStatus === '未支付') cell.append(button('ant-btn', '付 款', () => buy(order.productName)));
  else cell.append(button('ant-btn ant-btn-link', '续 费', () => buy(order.productName)));
  return cell;
}

function row(order) {
  const made = node('tr', 'ant-table-row ant-table-row-level-0', '', ...cells('td', [
    order.orderItemNum, order.productName, order.gmtCreate, order.gmtServiceEnd || '-', order.gmtConfirm || '-',
    String(order.quantity), String(order.paymentAmount), order.bizStatus, actions(order)]));
  made.dataset.rowKey = order.id;
  return made;
}

function measuring() {
  const made = node('tr', 'ant-table-measure-row', '', ...HEADS.map(() => node('td')));
  made.setAttribute('aria-hidden', 'true');
  return made;
}

function table(orders) {
  const head = node('thead', 'ant-table-thead', '', node('tr', '', '', ...cells('th', HEADS)));
  const body = node('tbody', 'ant-table-tbody', '', measuring(), ...orders.map(row));
  return node('div', 'ant-table', '', node('table', '', '', head, body));
}

function pager(count) {
  const next = button('ant-pagination-item-link', '下一页', () => {});
  next.disabled = true;
  return node('ul', 'ant-pagination', '', node('li', 'ant-pagination-total-text', '共 ' + count + ' 条'),
    node('li', 'ant-pagination-item ant-pagination-item-active', '1'), node('li', 'ant-pagination-next ant-pagination-disabled', '', next));
}

function failed(words) {
  root.replaceChildren(node('div', 'ant-result', '', node('div', 'ant-result-title', words), button('ant-btn', '刷 新', load)));
}

async function load() {
  root.replaceChildren(node('div', 'ant-spin ant-spin-spinning'));
  try {
    const answer = await (await fetch('/1688/isv-container/order/list.json?pageIndex=1&t=' + Date.now())).json();
    if (!answer.success) return failed(answer.message);
    const orders = answer.result.orders;
    root.replaceChildren(table(orders), orders.length ? pager(answer.result.totalCount) : node('div', 'ant-empty', '暂无数据'));
  } catch (error) {
    failed('网络异常，请稍后重试');
  }
}

function ask(order) {
  const overlay = node('div', 'ant-modal-root');
  const close = () => overlay.remove();
  const ok = button('ant-btn ant-btn-primary', '确 定', () => {
    ok.disabled = true;
    post('/1688/isv-container/order/confirm.json', { id: order.id })
      .then(answer => told(answer.message), error => told(error.message)).then(close).then(load);
  });
  const modal = node('div', 'ant-modal ant-modal-confirm', '', node('b', 'ant-modal-title', '确认服务已开始？'),
    node('p', 'ant-modal-body', order.productName + '，确认后货款将支付给服务商。'),
    node('div', 'ant-modal-footer', '', button('ant-btn', '取 消', close), ok));
  modal.setAttribute('role', 'dialog');
  overlay.append(node('div', 'ant-modal-mask'), node('div', 'ant-modal-wrap', '', modal));
  document.body.append(overlay);
}

document.getElementById('buy').addEventListener('click', () => buy('网店管家'));
load();
