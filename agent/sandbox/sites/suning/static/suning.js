'use strict';
// What the server's pages need besides: the log-in's panels, and the asking and telling by the browser's own dialogs.
const first = selector => document.querySelector(selector);

function showPanel(name) {
  for (const panel of ['qr-login', 'pc-login']) first('.' + panel).style.display = panel === name ? 'block' : 'none';
  for (const tab of document.querySelectorAll('.tab-list a')) tab.className = tab.dataset.panel === name ? 'cur' : '';
}

function send() {
  const form = first('.pc-login form');
  if (!form.username.value || !form.password.value) return alert('请输入用户名和密码');
  form.submit();
}

function watchLogin() {
  showPanel(window.openPanel);
  for (const tab of document.querySelectorAll('.tab-list a')) tab.onclick = () => showPanel(tab.dataset.panel);
  first('#submit').onclick = send;
  first('#password').onkeydown = event => { if (event.key === 'Enter') send(); };
  first('#userName').onblur = async event => {
    const answer = await fetch('/suning/ids/needVerifyCode?username=' + encodeURIComponent(event.target.value));
    const row = first('.verify-code');
    if (row) row.style.display = (await answer.json()).needVerifyCode ? 'block' : 'none';
  };
  if (first('.drag')) watchSlider(first('.drag-handle'));
}

// A person drags the handle to the end; then the form can be sent once more.
function watchSlider(handle) {
  let from = null;
  handle.onmousedown = event => { from = event.clientX; event.preventDefault(); };
  document.onmouseup = () => { from = null; };
  document.onmousemove = event => {
    if (from === null) return;
    const room = handle.parentElement.clientWidth - handle.offsetWidth;
    const moved = Math.min(Math.max(event.clientX - from, 0), room);
    handle.style.left = moved + 'px';
    if (moved < room) return;
    first('.pc-login form').dragToken.value = 'passed';
    first('.drag').style.display = 'none';
  };
}

async function post(address, values) {
  let told;
  try {
    const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ ...values, t: Date.now() }) });
    told = await answer.json();
  } catch (_) {
    told = { message: '网络异常，请稍后重试' };
  }
  if (told.code === 401) { location.href = '/suning/ids/login?service=' + location.pathname; return; }
  alert(told.message);
  location.reload();
}

function confirmOrder(id) {
  if (confirm('确认服务商已提供该服务吗？确认后款项将结算给服务商。')) post('/suning/fuwu/order/confirm.htm', { id });
}

function buy(code) {
  post('/suning/fuwu/order/create.htm', { code });
}

if (first('.pc-login')) watchLogin();
