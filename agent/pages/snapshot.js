// Brings back, in one round trip, what a person sees in one document: every visible element with its box, its own
// words, the fuller words that it carries (title, label, data-*), whether a click at its middle would reach it, and
// whether it can be worked. `registry` gives an element the same id in every snapshot of the same document. Answers with
// the snapshot and its version, or with null where that is the version that the asker knows; of a document that is too
// large, with its version alone. Where nothing stirred since the version that is known, it is taken to be the same
// without a walk, unless `anew`.
([registry, known, anew]) => {
  const { watch } = registry;
  if (!anew && known && known === registry.version && !watch.stirred()) return null;
  watch.walked();
  const nodes = [], MOST = 60000;
  const width = window.innerWidth, height = window.innerHeight;
  const INPUTS = new Set(["INPUT", "TEXTAREA", "SELECT"]);
  const ROLES = new Set(["button", "link", "tab", "menuitem", "option", "combobox", "checkbox", "radio", "switch", "menuitemradio"]);
  const CARRIED = new Set([
    "title", "aria-label", "placeholder", "alt", "for", "id", "name", "type", "role", "href", "class", "aria-selected", "aria-disabled",
    "aria-busy", "aria-pressed", "aria-checked", "aria-current", "aria-expanded", "aria-labelledby", "autocomplete", "datetime",
    "aria-rowindex", "rowid", "row-id", "row-key", "rowkey", "row-index", "lay-data-index", "lay-index", "datagrid-row-index",
    "aria-hidden", "tabindex", "aria-haspopup", "target", "download", "onclick",
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
  // Kits lay the transparent radio of an option over its words: a click there does what one on the words would do.
  const isSameTick = (el, hit) => hit.tagName === "INPUT" && (hit.type === "radio" || hit.type === "checkbox") && !!el.closest("label") && el.closest("label") === hit.closest("label");
  // null: outside the window, so nobody can say.
  const reached = (el, box) => {
    const x = box.x + box.w / 2, y = box.y + box.h / 2;
    if (x < 0 || y < 0 || x >= width || y >= height) return null;
    const hit = hitAt(x, y);
    return !!hit && (isOver(el, hit) || (isOver(hit, el) && hit !== document.body && hit !== document.documentElement) || isSameTick(el, hit));
  };
  // Only blanks that HTML itself folds: others, such as a no-break one, are left for the reader to judge.
  const single = (data) => data.replace(/[ \t\n\r\f]+/g, " ");
  const flows = ({ display, position, float }) => display.startsWith("inline") && float === "none" && (position === "static" || position === "relative");
  // The text that another one goes on from: nothing between them but the bounds of inline elements.
  const textBefore = (text) => {
    let at = text;
    for (let steps = 0; steps < 12; steps++) {
      while (!at.previousSibling) {
        at = at.parentNode;
        if (!at || at.nodeType !== Node.ELEMENT_NODE || !flows(getComputedStyle(at))) return null;
      }
      at = at.previousSibling;
      while (at.nodeType === Node.ELEMENT_NODE && at.tagName !== "WBR") {
        const style = getComputedStyle(at);
        if (at.tagName === "BR") return null;
        if (style.display === "none") break;
        if (!flows(style) || (!at.lastChild && at.getClientRects().length && at.getBoundingClientRect().width > 0)) return null;
        if (!at.lastChild) break;
        at = at.lastChild;
      }
      if (at.nodeType === Node.TEXT_NODE && !NOTHING.test(at.data)) return at;
    }
    return null;
  };
  // Elements part the words of the one around them into runs; a place to break does not.
  const parts = (child) => child.nodeType === Node.ELEMENT_NODE && child.tagName !== "WBR";
  const runOf = (text) => {
    let run = -1, fresh = true;
    for (const child of text.parentNode.childNodes) {
      if (parts(child)) fresh = true;
      if (child.nodeType !== Node.TEXT_NODE || !single(child.data).trim()) continue;
      if (fresh) run += 1;
      fresh = false;
      if (child === text) break;
    }
    return run;
  };
  const NOTHING = /^[\p{Cf}\uFE00-\uFE0F]*$/u;
  const BEGINS = /^[\p{Cf}\uFE00-\uFE0F]*[0-9A-Za-z-]/u, ENDS = /[0-9A-Za-z-][\p{Cf}\uFE00-\uFE0F]*$/u;
  // Which words of which element a number goes on from: [id, run].
  const goesOn = (text) => {
    if (!BEGINS.test(text.data)) return undefined;
    const before = textBefore(text);
    return before && ENDS.test(before.data) && before.parentElement ? [idOf(before.parentElement), runOf(before)] : undefined;
  };
  const around = (box, r) => box ? { l: Math.min(box.l, r.left), t: Math.min(box.t, r.top), r: Math.max(box.r, r.right), b: Math.max(box.b, r.bottom) }
                                 : { l: r.left, t: r.top, r: r.right, b: r.bottom };
  const ownText = (el) => {
    let text = "", box = null, fresh = true, blank = false;
    const runs = [];
    for (const child of el.childNodes) {
      if (parts(child)) fresh = true;
      if (child.nodeType !== Node.TEXT_NODE || !child.data) continue;
      const data = single(child.data), said = data.trim();
      if (!said) { blank ||= /[^\uFEFF]/.test(data); continue; }
      const joint = text && (fresh || blank || data[0] === " ") ? " " : "";
      text += joint + said;
      blank = data.endsWith(" ");
      const range = document.createRange();
      range.selectNodeContents(child);
      const r = range.getBoundingClientRect();
      if (fresh) runs.push({ text: "", box: null, after: goesOn(child) });
      const run = runs[runs.length - 1];
      run.text += (run.text ? joint : "") + said;
      fresh = false;
      if (!r.width && !r.height) continue;
      box = around(box, r);
      run.box = around(run.box, r);
    }
    return [text, box, runs];
  };
  const PRICED = /^\D{0,8}\d[\d,]*(\.\d+)?\D{0,4}$/, STRIKES = new Set(["S", "DEL", "STRIKE"]), UP_TO = new Set(["TD", "LI", "TR"]);
  // A line through words is drawn through those of the elements inside, too.
  const isStruck = (el, style, text, inherited) => {
    if (text.length > 24 || !PRICED.test(text)) return false;
    for (let at = { el, style, up: inherited }, steps = 0; at && at.el && steps < 5; at = at.up, steps++) {
      if (STRIKES.has(at.el.tagName) || at.style.textDecorationLine.includes("line-through")) return true;
      if (UP_TO.has(at.el.tagName)) return false;
    }
    return false;
  };
  // Equal for two rows whose words are, shown or not: kits draw a row once more, with other cells of it hidden.
  const digest = (words) => {
    let a = 0x811c9dc5, b = 0x1b873593, count = 0;
    for (let i = 0; i < words.length; i++) {
      const code = words.charCodeAt(i);
      if (code <= 32) continue;
      count += 1;
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b);
    }
    return count ? (a >>> 0).toString(36) + (b >>> 0).toString(36) : undefined;
  };
  // What a style adds before or behind a number, or turns round, is not in its text.
  const isDrawnOtherwise = (el, style, text) =>
    /spider|encrypt|stonefont|obfuscat/i.test(style.fontFamily) ||
    (/\d{6}/.test(text) && (style.unicodeBidi.includes("override") ||
      ["::before", "::after"].some((at) => /["'][^"']*\d/.test(getComputedStyle(el, at).content))));
  const carried = (el) => {
    const out = {};
    for (const { name, value } of el.attributes) {
      if ((CARRIED.has(name) || name.startsWith("data-")) && value && value.length < 300) out[name] = value;
    }
    return out;
  };
  // A box for a password can be one of type text that is drawn as dots, or that becomes one of type password later: what
  // stands in it must not leave the page, either.
  const PASSWORD = /密码|口令|passw|pwd/i, ONE_TIME = /动态|短信|验证|一次|code|otp/i;
  const isSecret = (el, style) => {
    if (el.tagName !== "INPUT" || !["text", "tel", "search", "number"].includes(el.type)) return false;
    if (style.webkitTextSecurity && style.webkitTextSecurity !== "none") return true;
    const named = [el.placeholder, el.name, el.id, el.getAttribute("aria-label"), el.autocomplete].join(" ");
    return PASSWORD.test(named) && !ONE_TIME.test(named);
  };
  const control = (el, role, style) => {
    if (isSecret(el, style)) return "password";
    if (INPUTS.has(el.tagName)) return el.tagName === "INPUT" ? (el.type || "text") : el.tagName.toLowerCase();
    if (el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable)) return "editable";
    return role === "combobox" || role === "listbox" || role === "checkbox" || role === "radio" || role === "switch" ? role : null;
  };

  // A computed style is a string that is made anew each time it is read, and these are read for every element of every
  // look: each once, and only where something follows from it. For the same reason what is false, null or empty is left
  // out of the answer.
  // `clip` is the part of the page in which this element can be seen or scrolled to.
  // What is left to do is kept on a list: documents are nested more deeply than functions may call each other.
  const left = [];
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
    let [text, textBox, runs] = ownText(el);
    if (el.tagName === "INPUT" && ["button", "submit", "reset"].includes(el.type)) {
      text = el.value.trim();
      textBox = { l: r.left, t: r.top, r: r.right, b: r.bottom };
    }
    const kind = control(el, role, style);
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
    if (kind) watch.control(el);
    if (overflows) watch.scroller(el);
    if (el.shadowRoot || el.tagName.includes("-")) watch.shadow();
    const scrolls = overflows && (overflowY === "auto" || overflowY === "scroll");
    // Some lists hide what overflows and move it themselves when the wheel is turned.
    const clips = overflows && HIDES.has(overflowY);
    nodes.push({
      id: idOf(el), parent, tag: el.tagName.toLowerCase(), box: [box.x, box.y, box.w, box.h],
      textBox: textBox ? [textBox.l, Math.max(textBox.t, clip.t), Math.min(textBox.r, clip.r) - textBox.l, textBox.b - Math.max(textBox.t, clip.t)] : undefined,
      text: (shown && text) || undefined, after: (shown && runs.length && runs[0].after) || undefined,
      runs: shown && runs.length > 1 ? runs.map((n) => ({ text: n.text, after: n.after, box: n.box ? [n.box.l, n.box.t, n.box.r - n.box.l, n.box.b - n.box.t] : undefined })) : undefined,
      struck: (shown && isStruck(el, style, text, inherited)) || undefined,
      twin: el.tagName === "TR" || role === "row" ? digest(el.textContent) : undefined, shown: shown || undefined, ghost: ghost || undefined, attrs: words, kind: kind || undefined,
      value: kind && kind !== "password" && "value" in el ? String(el.value).slice(0, 300) : undefined,
      filled: kind === "password" ? el.value.length > 0 : undefined,
      checked: "checked" in el ? !!el.checked : undefined,
      clickable: clickable || undefined,
      disabled: !!el.disabled || el.getAttribute("aria-disabled") === "true" || cursor === "not-allowed" || undefined,
      readonly: !!el.readOnly || undefined, required: (kind !== null && (!!el.required || el.getAttribute("aria-required") === "true")) || undefined, size, bold: (text && parseInt(style.fontWeight) >= 600) || undefined,
      top: wanted ? reached(el, textBox && !kind ? { x: textBox.l, y: textBox.t, w: Math.min(textBox.r, clip.r) - textBox.l, h: textBox.b - textBox.t } : box) : undefined,
      veiled: ((text || kind || clickable) && isDrawnOtherwise(el, style, text)) || undefined,
      afloat: position === "fixed" || position === "absolute" || undefined,
      fixed: position === "fixed" || undefined,
      scrolls: scrolls || undefined, clips: clips || undefined, content: overflows ? el.scrollHeight : undefined,
      spins: (shown && MAY_SPIN.test(words.class) && style.animationIterationCount === "infinite" && style.animationName !== "none") || undefined,
      options: el.tagName === "SELECT" ? [...el.options].map((o) => o.label) : undefined,
      chosen: el.tagName === "SELECT" && el.selectedIndex >= 0 ? el.options[el.selectedIndex].label : undefined,
    });
    if (el.tagName === "SELECT" || el.tagName === "IFRAME" || el.tagName === "svg") return;
    const children = el.shadowRoot ? el.shadowRoot.children : el.children;
    if (!children.length && el.tagName !== "SLOT") return;
    if (style.clipPath === "inset(50%)" || style.clip === "rect(0px, 0px, 0px, 0px)") return;
    const next = { opacity, pointer, el, style, up: inherited };
    if (el.tagName === "SLOT") later(el.assignedElements(), index, inner, next);
    later(children, index, inner, next);
  };
  const later = (children, ...given) => {
    for (let i = children.length - 1; i >= 0; i--) left.push([children[i], ...given]);
  };
  const doc = document.scrollingElement || document.documentElement;
  const page = { l: -window.scrollX, t: -window.scrollY, r: 1e6, b: 1e6 };
  if (document.body) left.push([document.body, -1, page, { opacity: 1, pointer: false }]);
  while (left.length && nodes.length < MOST) walk(...left.pop());
  if (left.length) {
    registry.told = null;
    registry.version += 1;
    return [registry.version, null];
  }
  // As text: Playwright serialises objects value by value, which takes ten times as long as all the rest.
  const told = JSON.stringify({
    address: location.href, title: document.title, ready: document.readyState, width, height,
    scrollTop: doc.scrollTop, scrollHeight: doc.scrollHeight, clientHeight: doc.clientHeight, nodes,
  });
  if (told !== registry.told) { registry.told = told; registry.version += 1; }
  return registry.version === known ? null : [registry.version, told];
}
