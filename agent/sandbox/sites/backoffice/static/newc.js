'use strict';
// The refund actions of a filing list: asks the server first, then opens the form. And the form that needs no filing.
const dialog = document.getElementById('apply-dialog');
const notice = document.getElementById('notice');

function tell(words) {
  notice.querySelector('.words').textContent = words;
  notice.hidden = false;
}

function open(link) {
  dialog.querySelector('[name=id]').value = link.dataset.id;
  dialog.querySelectorAll('[data-show]').forEach(cell => { cell.textContent = link.dataset[cell.dataset.show]; });
  dialog.querySelectorAll('input[type=text]').forEach(input => { input.value = ''; });
  dialog.hidden = false;
}

async function apply(link) {
  if (!link.dataset.date) return; // as on the real page: no date, no word
  try {
    const answer = await fetch('/newc/Refund/Check?id=' + link.dataset.id);
    if (answer.redirected) { location.href = answer.url; return; }
    const { ok, message } = await answer.json();
    if (ok) open(link); else tell(message);
  } catch (error) {
    tell('网络异常，请稍后重试');
  }
}

document.querySelectorAll('a.apply').forEach(link => link.addEventListener('click', () => apply(link)));
document.querySelectorAll('[data-close]').forEach(closer => closer.addEventListener('click', () => {
  closer.closest('.mask, .fold').hidden = true;
}));
document.querySelectorAll('[data-open]').forEach(opener => opener.addEventListener('click', () => {
  document.getElementById(opener.dataset.open).hidden = false;
}));
