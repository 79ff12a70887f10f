'use strict';
// What the lists of 1688, Alibaba.com and 速卖通 have in common: elements, messages, and what is sent.
function node(tag, name, text, ...children) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function button(name, words, act) {
  const made = node('button', name, words);
  made.type = 'button';
  made.addEventListener('click', act);
  return made;
}

function toast(name, words) {
  const shown = node('div', name, words);
  document.body.append(shown);
  setTimeout(() => shown.remove(), 4000);
}

// Something new goes into every form, so that no two are the same.
async function post(url, data) {
  let answer;
  try {
    answer = await fetch(url, { method: 'POST', body: new URLSearchParams({ ...data, t: Date.now() }) });
  } catch (error) {
    throw new Error('网络异常，请稍后重试');
  }
  const told = await answer.json();
  if (!answer.ok || !told.success) throw new Error(told.message);
  return told;
}
