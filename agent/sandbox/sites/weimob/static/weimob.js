'use strict';
// The log-in of 微盟. The captcha's frame waits far above the page, transparent, until it is asked for.
const form = document.getElementById('login');
const captcha = document.getElementById('tcaptcha_transform');
const error = form.querySelector('.error');

function fail(words) {
  error.hidden = !words;
  error.textContent = words;
}

async function send(ticket) {
  const [phone, pwd] = [form.elements.phone.value.trim(), form.elements.pwd.value];
  if (!phone || !pwd) return fail('请输入手机号和密码');
  fail('');
  try {
    const body = new URLSearchParams({ phone, pwd, ticket, back: form.dataset.back });
    const told = await (await fetch('/weimob/passport/login', { method: 'POST', body })).json();
    if (told.code === '1022') puzzle();
    else if (told.code === '0') location.href = told.data.goto;
    else fail(told.message);
  } catch (trouble) {
    fail('网络异常，请稍后重试');
  }
}

function puzzle() {
  if (!captcha.firstElementChild) {
    captcha.append(Object.assign(document.createElement('iframe'), { id: 'tcaptcha_iframe', src: '/weimob/turing.captcha/drag_ele.html' }));
  }
  captcha.classList.add('shown');
  window.addEventListener('message', () => { captcha.classList.remove('shown'); send('passed'); }, { once: true });
}

form.querySelector('.login-btn').addEventListener('click', () => send(''));
form.addEventListener('keydown', event => { if (event.key === 'Enter') { event.preventDefault(); send(''); } });
