'use strict';
// The puzzle in a captcha frame: a person drags the handle to the end, and the page around it hears of it.
const handle = document.querySelector('[data-handle]');
const room = () => document.querySelector('[data-track]').clientWidth - handle.offsetWidth;
let from = null;

function move(by) {
  handle.style.left = by + 'px';
  document.querySelector('[data-piece]').style.left = by + 'px';
}

handle.addEventListener('mousedown', event => { from = event.clientX; event.preventDefault(); });
document.addEventListener('mouseup', () => { from = null; move(0); });
document.addEventListener('mousemove', event => {
  if (from === null) return;
  const moved = Math.min(Math.max(event.clientX - from, 0), room());
  move(moved);
  if (moved < room()) return;
  from = null;
  window.parent.postMessage('passed', location.origin);
});
