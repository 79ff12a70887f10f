// Whether an element can be seen as a whole, and its row from top to bottom: in the window, in whatever it scrolls in, with
// nothing pinned over it. If not it is scrolled there: true if that moved it. Null if a frame of another site is around
// it, for then only Chromium can tell. A row may be wider than any window, so its sides do not count.
async (registry, [id, rowId]) => {
  const of = id => registry.elements.get(id)?.deref();
  const el = of(id), row = of(rowId) ?? el;
  if (!el?.isConnected) return false;
  const up = at => at.assignedSlot ?? at.parentElement ?? at.getRootNode().host;
  const cut = (at, box) => {
    const { overflowX, overflowY } = getComputedStyle(at), bound = at.getBoundingClientRect();
    if (overflowX !== "visible") [box.l, box.r] = [Math.max(box.l, bound.left), Math.min(box.r, bound.right)];
    if (overflowY !== "visible") [box.t, box.b] = [Math.max(box.t, bound.top), Math.min(box.b, bound.bottom)];
  };
  const within = at => {
    const box = { l: 0, t: 0, r: innerWidth, b: innerHeight };
    for (let one = at, fixed = false; one && !fixed && one !== document.body; one = up(one)) {
      if (one !== at && one !== document.documentElement) cut(one, box);
      fixed = getComputedStyle(one).position === "fixed";
    }
    for (let view = window, dx = 0, dy = 0; view.frameElement; view = view.parent) {
      const frame = view.frameElement, { left, top } = frame.getBoundingClientRect();
      [dx, dy] = [dx + left + frame.clientLeft, dy + top + frame.clientTop];
      [box.l, box.r] = [Math.max(box.l, -dx), Math.min(box.r, view.parent.innerWidth - dx)];
      [box.t, box.b] = [Math.max(box.t, -dy), Math.min(box.b, view.parent.innerHeight - dy)];
    }
    return box;
  };
  const covered = ({ left, top, width, height }) => {
    const hit = el.getRootNode().elementFromPoint(left + width / 2, top + height / 2);
    return hit !== null && !el.contains(hit) && !hit.contains(el);
  };
  const seen = () => {
    const own = el.getBoundingClientRect(), its = row.getBoundingClientRect(), a = within(el), b = within(row);
    const whole = own.left >= a.l - 1 && own.right <= a.r + 1 && own.top >= a.t - 1 && own.bottom <= a.b + 1;
    return whole && its.top >= b.t - 1 && its.bottom <= b.b + 1 && !covered(own);
  };
  let view = window;
  while (view.frameElement) view = view.parent;
  const far = view !== top;
  if (!far && seen()) return false;
  const before = el.getBoundingClientRect();
  el.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
  const drawn = new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.race([drawn, new Promise(done => setTimeout(done, 500))]);
  if (far) return null;
  const now = el.getBoundingClientRect();
  return Math.abs(now.left - before.left) + Math.abs(now.top - before.top) > 1;
}
