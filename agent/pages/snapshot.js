// Brings back, in one round trip, what a person sees in one document: every visible element with its box, its own
// words, the fuller words that it carries (title, label, data-*), whether a click at its middle would reach it, and
// whether it can be worked. `registry` gives an element the same id in every snapshot of the same document. Answers with
// the snapshot and its version, or with null where that is the version that the asker knows.
([registry, known]) => {
  const nodes = [];
  const width = window.innerWidth, height = window.innerHeight;
  const INPUTS = new Set(["INPUT", "TEXTAREA", "SELECT"]);
  const ROLES = new Set(["button", "link", "tab", "menuitem", "option", "combobox", "checkbox", "radio", "switch", "menuitemradio"]);
  const SKIP = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "HEAD", "META", "LINK", "BR", "WBR"]);

  const idOf = (el) => {
    let id = registry.ids.get(el);
    if (!id) {
      id = ++registry.last;
      registry.ids.set(el, id);
      registry.elements.set(id, new WeakRef(el));
    }
    return id;
  };
  const hitAt = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit && hit.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const isOver = (upper, el) => {
    for (let n = el; n; n = n.parentNode || n.host) if (n === upper) return true;
    return false;
  };
  // null: outside the window, so nobody can say.
  const reached = (el, box) => {
    const x = box.x + box.w / 2, y = box.y + box.h / 2;
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    const hit = hitAt(x, y);
    return !!hit && (isOver(el, hit) || (isOver(hit, el) && hit !== document.body && hit !== document.documentElement));
  };
  const ownText = (el) => {
    let text = "", box = null;
    for (const child of el.childNodes) {
      if (child.nodeType !== Node.TEXT_NODE || !child.data.trim()) continue;
      text += (text ? " " : "") + child.data.trim().replace(/\s+/g, " ");
      const range = document.createRange();
      range.selectNodeContents(child);
      const r = range.getBoundingClientRect();
      if (!r.width && !r.height) continue;
      box = box ? { l: Math.min(box.l, r.left), t: Math.min(box.t, r.top), r: Math.max(box.r, r.right), b: Math.max(box.b, r.bottom) }
                : { l: r.left, t: r.top, r: r.right, b: r.bottom };
    }
    return [text, box];
  };
  const carried = (el) => {
    const out = {};
    for (const a of el.attributes) {
      const name = a.name;
      if (name === "title" || name === "aria-label" || name === "placeholder" || name === "alt" || name === "for" || name === "id" ||
          name === "name" || name === "type" || name === "role" || name === "href" || name === "class" || name === "aria-selected" ||
          name === "aria-disabled" || name === "aria-busy" || name === "aria-checked" || name === "aria-current" || name === "aria-labelledby" ||
          name === "autocomplete" || name.startsWith("data-")) {
        if (a.value && a.value.length < 300) out[name] = a.value;
      }
    }
    return out;
  };
  const control = (el, role) => {
    if (INPUTS.has(el.tagName)) return el.tagName === "INPUT" ? (el.type || "text") : el.tagName.toLowerCase();
    if (el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable)) return "editable";
    return role === "combobox" || role === "listbox" || role === "checkbox" || role === "radio" || role === "switch" ? role : null;
  };

  // `clip` is the part of the page in which this element can be seen or scrolled to.
  const walk = (el, parent, clip, inherited) => {
    if (SKIP.has(el.tagName)) return;
    const style = getComputedStyle(el);
    if (style.display === "none") return;
    const opacity = inherited.opacity * parseFloat(style.opacity);
    const r = el.getBoundingClientRect();
    const box = { x: r.left, y: r.top, w: r.width, h: r.height };
    const visible = style.visibility === "visible" && opacity > 0.05 && parseFloat(style.fontSize) > 0;
    const role = el.getAttribute("role");
    let [text, textBox] = ownText(el);
    if (el.tagName === "INPUT" && ["button", "submit", "reset"].includes(el.type)) {
      text = el.value.trim();
      textBox = { l: r.left, t: r.top, r: r.right, b: r.bottom };
    }
    const kind = control(el, role);
    // A fixed element escapes its ancestors' clips; what can be scrolled into view counts as seen.
    let inner = style.position === "fixed" ? { l: -1e6, t: -1e6, r: 1e6, b: 1e6 } : clip;
    if (el !== document.body && el !== document.documentElement) {
      const cutX = /(hidden|clip)/.test(style.overflowX), cutY = /(hidden|clip)/.test(style.overflowY);
      if (cutX || cutY) inner = { l: cutX ? Math.max(inner.l, r.left) : inner.l, r: cutX ? Math.min(inner.r, r.right) : inner.r,
                                  t: cutY ? Math.max(inner.t, r.top) : inner.t, b: cutY ? Math.min(inner.b, r.bottom) : inner.b };
    }
    clip = inner;
    const seen = textBox || { l: r.left, t: r.top, r: r.right, b: r.bottom };
    const inClip = Math.min(seen.r, clip.r) - Math.max(seen.l, clip.l) > 0.5 && Math.min(seen.b, clip.b) - Math.max(seen.t, clip.t) > 0.5;
    const pointer = style.cursor === "pointer";
    const words = carried(el);
    const clickable = el.tagName === "BUTTON" || (el.tagName === "A") || ROLES.has(role) || el.hasAttribute("onclick") ||
      (kind !== null) || (pointer && !inherited.pointer) || el.tagName === "SUMMARY";
    const index = nodes.length;
    const shown = visible && (box.w > 0 && box.h > 0 || !!textBox) && inClip;
    // Drawn selects and tick boxes keep the real input transparent on top of what they draw.
    const ghost = !shown && kind !== null && style.visibility === "visible" && box.w > 0 && box.h > 0 && inClip && opacity <= 0.05;
    const wanted = shown && (text || kind || clickable || el.tagName === "IFRAME" || el.tagName === "IMG" || el.tagName === "svg" || el.tagName === "I");
    const overflows = el.scrollHeight > el.clientHeight + 2 && el.clientHeight > 60;
    const scrolls = overflows && /(auto|scroll)/.test(style.overflowY);
    // Some lists hide what overflows and move it themselves when the wheel is turned.
    const clips = overflows && /(hidden|clip)/.test(style.overflowY);
    nodes.push({
      id: idOf(el), parent, tag: el.tagName.toLowerCase(), box: [box.x, box.y, box.w, box.h],
      textBox: textBox ? [textBox.l, Math.max(textBox.t, clip.t), Math.min(textBox.r, clip.r) - textBox.l, textBox.b - Math.max(textBox.t, clip.t)] : null,
      text: shown ? text : "", shown, ghost, attrs: words, kind,
      value: kind && kind !== "password" && "value" in el ? String(el.value).slice(0, 300) : null,
      filled: kind === "password" ? el.value.length > 0 : null,
      checked: "checked" in el ? !!el.checked : null,
      clickable, disabled: !!el.disabled || el.getAttribute("aria-disabled") === "true" || style.cursor === "not-allowed",
      readonly: !!el.readOnly, size: parseFloat(style.fontSize), bold: parseInt(style.fontWeight) >= 600,
      top: wanted ? reached(el, textBox && !kind ? { x: textBox.l, y: textBox.t, w: Math.min(textBox.r, clip.r) - textBox.l, h: textBox.b - textBox.t } : box) : null,
      veiled: /spider|encrypt|stonefont|obfuscat/i.test(style.fontFamily),
      afloat: style.position === "fixed" || style.position === "absolute", scrolls, clips, content: overflows ? el.scrollHeight : 0,
      spins: shown && style.animationIterationCount === "infinite" && style.animationName !== "none",
      options: el.tagName === "SELECT" ? [...el.options].map((o) => o.label) : null,
      chosen: el.tagName === "SELECT" && el.selectedIndex >= 0 ? el.options[el.selectedIndex].label : null,
    });
    if (el.tagName === "SELECT" || el.tagName === "IFRAME" || el.tagName === "svg") return;
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return;
    const next = { opacity, pointer };
    const children = el.shadowRoot ? el.shadowRoot.children : el.children;
    for (const child of children) walk(child, index, inner, next);
    if (el.tagName === "SLOT") for (const child of el.assignedElements()) walk(child, index, inner, next);
  };
  const doc = document.scrollingElement || document.documentElement;
  const page = { l: -window.scrollX, t: -window.scrollY, r: 1e6, b: 1e6 };
  if (document.body) walk(document.body, -1, page, { opacity: 1, pointer: false });
  // As text: Playwright serialises objects value by value, which takes ten times as long as all the rest.
  const told = JSON.stringify({
    address: location.href, title: document.title, ready: document.readyState, width, height,
    scrollTop: doc.scrollTop, scrollHeight: doc.scrollHeight, clientHeight: doc.clientHeight, nodes,
  });
  if (told !== registry.told) { registry.told = told; registry.version += 1; }
  return registry.version === known ? null : [registry.version, told];
}
