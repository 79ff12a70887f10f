// Brings back, in one round trip, what a person sees in one document: every visible element with its box, its own
// words, the fuller words that it carries (title, label, data-*), whether a click at its middle would reach it, and
// whether it can be worked. `registry` gives an element the same id in every snapshot of the same document. Answers with
// the snapshot and its version, or with null where that is the version that the asker knows.
([registry, known]) => {
  const nodes = [];
  const width = window.innerWidth, height = window.innerHeight;
  const INPUTS = new Set(["INPUT", "TEXTAREA", "SELECT"]);
  const ROLES = new Set(["button", "link", "tab", "menuitem", "option", "combobox", "checkbox", "radio", "switch", "menuitemradio"]);
  const CARRIED = new Set([
    "title", "aria-label", "placeholder", "alt", "for", "id", "name", "type", "role", "href", "class", "aria-selected", "aria-disabled",
    "aria-busy", "aria-checked", "aria-current", "aria-labelledby", "autocomplete",
  ]);
  const HIDES = new Set(["hidden", "clip"]), MAY_SPIN = /load|spin|skeleton/i;
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
    for (const { name, value } of el.attributes) {
      if ((CARRIED.has(name) || name.startsWith("data-")) && value && value.length < 300) out[name] = value;
    }
    return out;
  };
  const control = (el, role) => {
    if (INPUTS.has(el.tagName)) return el.tagName === "INPUT" ? (el.type || "text") : el.tagName.toLowerCase();
    if (el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable)) return "editable";
    return role === "combobox" || role === "listbox" || role === "checkbox" || role === "radio" || role === "switch" ? role : null;
  };

  // A computed style is a string that is made anew each time it is read, and these are read for every element of every
  // look: each once, and only where something follows from it. For the same reason what is false, null or empty is left
  // out of the answer.
  // `clip` is the part of the page in which this element can be seen or scrolled to.
  const walk = (el, parent, clip, inherited) => {
    if (SKIP.has(el.tagName)) return;
    const style = getComputedStyle(el);
    if (style.display === "none") return;
    const { visibility, position, overflowX, overflowY, cursor } = style;
    const opacity = inherited.opacity * parseFloat(style.opacity), size = parseFloat(style.fontSize);
    const r = el.getBoundingClientRect();
    const box = { x: r.left, y: r.top, w: r.width, h: r.height };
    const visible = visibility === "visible" && opacity > 0.05 && size > 0;
    const role = el.getAttribute("role");
    let [text, textBox] = ownText(el);
    if (el.tagName === "INPUT" && ["button", "submit", "reset"].includes(el.type)) {
      text = el.value.trim();
      textBox = { l: r.left, t: r.top, r: r.right, b: r.bottom };
    }
    const kind = control(el, role);
    // A fixed element escapes its ancestors' clips; what can be scrolled into view counts as seen.
    let inner = position === "fixed" ? { l: -1e6, t: -1e6, r: 1e6, b: 1e6 } : clip;
    if (el !== document.body && el !== document.documentElement) {
      const cutX = HIDES.has(overflowX), cutY = HIDES.has(overflowY);
      if (cutX || cutY) inner = { l: cutX ? Math.max(inner.l, r.left) : inner.l, r: cutX ? Math.min(inner.r, r.right) : inner.r,
                                  t: cutY ? Math.max(inner.t, r.top) : inner.t, b: cutY ? Math.min(inner.b, r.bottom) : inner.b };
    }
    clip = inner;
    const seen = textBox || { l: r.left, t: r.top, r: r.right, b: r.bottom };
    const inClip = Math.min(seen.r, clip.r) - Math.max(seen.l, clip.l) > 0.5 && Math.min(seen.b, clip.b) - Math.max(seen.t, clip.t) > 0.5;
    const pointer = cursor === "pointer";
    const words = carried(el);
    const clickable = el.tagName === "BUTTON" || (el.tagName === "A") || ROLES.has(role) || el.hasAttribute("onclick") ||
      (kind !== null) || (pointer && !inherited.pointer) || el.tagName === "SUMMARY";
    const index = nodes.length;
    const shown = visible && (box.w > 0 && box.h > 0 || !!textBox) && inClip;
    // Drawn selects and tick boxes keep the real input transparent on top of what they draw.
    const ghost = !shown && kind !== null && visibility === "visible" && box.w > 0 && box.h > 0 && inClip && opacity <= 0.05;
    const wanted = shown && (text || kind || clickable || el.tagName === "IFRAME" || el.tagName === "IMG" || el.tagName === "svg" || el.tagName === "I");
    const overflows = el.clientHeight > 60 && el.scrollHeight > el.clientHeight + 2;
    const scrolls = overflows && (overflowY === "auto" || overflowY === "scroll");
    // Some lists hide what overflows and move it themselves when the wheel is turned.
    const clips = overflows && HIDES.has(overflowY);
    nodes.push({
      id: idOf(el), parent, tag: el.tagName.toLowerCase(), box: [box.x, box.y, box.w, box.h],
      textBox: textBox ? [textBox.l, Math.max(textBox.t, clip.t), Math.min(textBox.r, clip.r) - textBox.l, textBox.b - Math.max(textBox.t, clip.t)] : undefined,
      text: (shown && text) || undefined, shown: shown || undefined, ghost: ghost || undefined, attrs: words, kind: kind || undefined,
      value: kind && kind !== "password" && "value" in el ? String(el.value).slice(0, 300) : undefined,
      filled: kind === "password" ? el.value.length > 0 : undefined,
      checked: "checked" in el ? !!el.checked : undefined,
      clickable: clickable || undefined,
      disabled: !!el.disabled || el.getAttribute("aria-disabled") === "true" || cursor === "not-allowed" || undefined,
      readonly: !!el.readOnly || undefined, size, bold: (text && parseInt(style.fontWeight) >= 600) || undefined,
      top: wanted ? reached(el, textBox && !kind ? { x: textBox.l, y: textBox.t, w: Math.min(textBox.r, clip.r) - textBox.l, h: textBox.b - textBox.t } : box) : undefined,
      veiled: ((text || kind || clickable) && /spider|encrypt|stonefont|obfuscat/i.test(style.fontFamily)) || undefined,
      afloat: position === "fixed" || position === "absolute" || undefined,
      scrolls: scrolls || undefined, clips: clips || undefined, content: overflows ? el.scrollHeight : undefined,
      spins: (shown && MAY_SPIN.test(words.class) && style.animationIterationCount === "infinite" && style.animationName !== "none") || undefined,
      options: el.tagName === "SELECT" ? [...el.options].map((o) => o.label) : undefined,
      chosen: el.tagName === "SELECT" && el.selectedIndex >= 0 ? el.options[el.selectedIndex].label : undefined,
    });
    if (el.tagName === "SELECT" || el.tagName === "IFRAME" || el.tagName === "svg") return;
    const children = el.shadowRoot ? el.shadowRoot.children : el.children;
    if (!children.length && el.tagName !== "SLOT") return;
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return;
    const next = { opacity, pointer };
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
