'use strict';
// 获取验证码: has a code sent, and counts down before it can be pressed again.
for (const control of document.querySelectorAll('[data-send]')) control.addEventListener('click', async () => {
  const button = control.tagName === 'INPUT', words = button ? control.value : control.textContent;
  const show = said => { if (button) control.value = said; else control.textContent = said; };
  if (control.dataset.waits) return;
  control.dataset.waits = '1';
  const answer = await fetch(control.dataset.send, { method: 'POST', body: new URLSearchParams({ token: control.dataset.token }) });
  const told = await answer.json();
  if (!told.success) { delete control.dataset.waits; alert(told.message); return; }
  let left = 60;
  const tick = () => {
    if (--left < 0) { delete control.dataset.waits; show(words); return; }
    show(left + '秒后重新获取');
    setTimeout(tick, 1000);
  };
  tick();
});
