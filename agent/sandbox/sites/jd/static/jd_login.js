'use strict';
// The form in loginFrame: sends itself by XHR, then leads the whole window on.
const form = document.getElementById('formlogin');
const error = document.querySelector('.msg-error');
const puzzle = document.querySelector('.JDJRV-slide-bg');

function fail(words) {
  error.hidden = !words;
  error.textContent = words;
}

async function send() {
  if (!form.elements.loginname.value.trim()) return fail('请输入账号名');
  if (!form.elements.nloginpwd.value) return fail('请输入密码');
  fail('');
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
    const told = await answer.json();
    if (told.verify) puzzle.classList.remove('hide');
    else if (told.success) window.top.location.href = told.success;
    else fail(told.pwd || told.username);
  } catch (_) {
    fail('网络异常，请稍后重试');
  }
}

document.getElementById('paipaiLoginSubmit').addEventListener('click', send);
form.addEventListener('keydown', event => { if (event.key === 'Enter') send(); });
form.addEventListener('submit', event => event.preventDefault());

// A person drags the piece over the gap; then the form goes out again.
if (puzzle) {
  const [handle, piece, gap] = ['slide-btn', 'smallimg', 'gap'].map(name => puzzle.querySelector('.JDJRV-' + name));
  let from = null;
  handle.addEventListener('mousedown', event => { from = event.clientX; event.preventDefault(); });
  document.addEventListener('mousemove', event => {
    if (from !== null) handle.style.left = piece.style.left = Math.max(0, event.clientX - from) + 'px';
  });
  document.addEventListener('mouseup', () => {
    if (from === null) return;
    from = null;
    const fits = Math.abs(piece.offsetLeft - gap.offsetLeft) < 6;
    handle.style.left = piece.style.left = '0';
    if (!fits) return;
    puzzle.classList.add('hide');
    form.elements.seqSid.value = 'passed';
    send();
  });
}
