'use strict';
// The log-in widget: sends the form by XHR, then leads the whole window on.
const form = document.getElementById('login-form');
const wrapper = document.getElementById('nc_1_wrapper');
const terms = document.getElementById('fm-agreement-checkbox');

function fail(words) {
  document.querySelector('.login-error').hidden = !words;
  document.querySelector('.login-error-msg').textContent = words;
}

function punish(url) {
  const frame = document.createElement('iframe');
  frame.id = 'baxia-dialog-content';
  frame.src = url;
  const mask = document.createElement('div');
  mask.className = 'baxia-dialog';
  mask.append(frame);
  document.body.append(mask);
}

async function send() {
  const name = form.elements['fm-login-id'].value.trim();
  if (!name) return fail('请填写账号名');
  if (!form.elements['fm-login-password'].value) return fail('请输入登录密码');
  if (terms && !terms.checked) return fail('请先阅读并同意服务协议');
  fail('');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    const told = await answer.json();
    if (told.url) punish(told.url);
    else if (told.challenge === 'slider') wrapper.classList.remove('none');
    else if (told.success) window.top.location.href = told.redirect;
    else fail(told.message);
  } catch (error) {
    fail('网络异常，请稍后重试');
  }
}

form.addEventListener('submit', event => { event.preventDefault(); send(); });

document.querySelectorAll('[data-tab]').forEach(tab => tab.addEventListener('click', () => {
  document.querySelectorAll('[data-tab]').forEach(other => other.classList.toggle('on', other === tab));
  document.querySelectorAll('[data-panel]').forEach(panel => { panel.hidden = panel.dataset.panel !== tab.dataset.tab; });
}));

// A person drags the handle to the end; then the form goes out again.
if (wrapper) {
  const handle = document.getElementById('nc_1_n1z');
  let from = null;
  handle.addEventListener('mousedown', event => { from = event.clientX; event.preventDefault(); });
  document.addEventListener('mousemove', event => {
    if (from === null) return;
    const room = handle.parentElement.clientWidth - handle.offsetWidth;
    const moved = Math.min(Math.max(event.clientX - from, 0), room);
    handle.style.left = moved + 'px';
    if (moved < room) return;
    from = null;
    form.elements.ncToken.value = 'passed';
    document.getElementById('nc_1__scale_text').textContent = '验证通过';
    send();
  });
  document.addEventListener('mouseup', () => { from = null; handle.style.left = '0'; });
}
