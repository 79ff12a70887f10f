'use strict';
// What the drawn pages of several markets have in common.
function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function ask(address, data) {
  const options = data ? { method: 'POST', body: new URLSearchParams({ ...data, t: Date.now() }) } : {};
  return fetch(address, options).then(answer => answer.json(), () => { throw new Error('网络异常，请稍后重试'); });
}

// Milliseconds as the day and the hour in China, wherever the browser is.
function moment(ms) {
  return new Date(ms + 8 * 3600 * 1000).toISOString().slice(0, 19).replace('T', ' ');
}

// A handle that a person drags; `done` is told how far.
function draggable(handle, done) {
  let from = null;
  handle.addEventListener('mousedown', event => { from = event.clientX; event.preventDefault(); });
  const moved = event => Math.max(0, Math.min(event.clientX - from, handle.parentElement.clientWidth - handle.offsetWidth));
  document.addEventListener('mousemove', event => { if (from !== null) handle.style.left = moved(event) + 'px'; });
  document.addEventListener('mouseup', event => {
    if (from === null) return;
    done(moved(event));
    from = null;
    handle.style.left = '0';
  });
}
