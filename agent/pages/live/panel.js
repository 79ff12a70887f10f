([boxes, lines, buttons]) => {
  const host = document.createElement("div"), root = host.attachShadow({ mode: "closed" });
  const put = (parent, tag, style, text) => {
    const made = document.createElement(tag);
    made.style.cssText = "all:initial;" + style;
    if (text) made.textContent = text;
    parent.append(made);
    return made;
  };
  host.style.cssText = "all:initial;position:fixed;inset:0;width:auto;height:auto;margin:0;border:0;padding:0;background:none;"
    + "overflow:visible;pointer-events:none;z-index:2147483647";
  const colours = ["#f59f00", "#e03131"].slice(-boxes.length);
  boxes.forEach(([x, y, w, h], at) => put(root, "div",
    `position:fixed;left:${x - 4}px;top:${y - 4}px;width:${w + 4}px;height:${h + 4}px;border:2px solid ${colours[at]}`));
  const card = put(root, "div", "position:fixed;right:16px;bottom:16px;max-width:420px;padding:12px 14px;background:#fff;"
    + "border:1px solid #868e96;border-radius:6px;box-shadow:0 4px 18px rgba(0,0,0,.3);pointer-events:auto");
  const font = "font:14px/1.6 sans-serif;color:#212529;display:block;";
  lines.forEach(line => put(card, "div", font, line));
  const row = put(card, "div", "display:flex;flex-wrap:wrap;gap:8px;margin-top:8px");
  for (const [word, label] of buttons) {
    const button = put(row, "button", font + "padding:3px 10px;border:1px solid #868e96;border-radius:4px;"
      + "background:#f1f3f5;cursor:pointer", label);
    button.type = "button";
    button.addEventListener("click", event => { if (event.isTrusted) fankuanDecided(word); });
  }
  document.documentElement.append(host);
  if (host.showPopover) {
    host.popover = "manual";
    host.showPopover();
  }
  globalThis.fankuanPanel = host;
}
