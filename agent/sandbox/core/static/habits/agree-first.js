// No form is sent before its rules are agreed to: 提交 is switched off until then, 添加 answers that a box must be ticked.
addEventListener("DOMContentLoaded", () => {
  const dressed = new WeakSet();
  const holds = (node, few) => node && node.querySelectorAll("input").length >= few;
  const isForm = (button) => {
    let node = button.parentElement;
    for (let up = 0; up < 4 && node && !holds(node, 3); up += 1) node = node.parentElement;
    return holds(node, 3);
  };
  const tell = (words) => {
    const toast = document.createElement("p");
    toast.textContent = words;
    toast.style.cssText = "position:fixed;top:10px;left:40%;z-index:9000;background:#fff";
    document.body.append(toast);
    setTimeout(() => toast.remove(), 3000);
  };
  const dress = (button) => {
    const said = button.textContent.replace(/\s/g, "");
    if (dressed.has(button) || !["提交", "添加"].includes(said) || !isForm(button)) return;
    dressed.add(button);
    const label = document.createElement("label"), box = document.createElement("input"), rules = document.createElement("a");
    box.type = "checkbox";
    rules.textContent = said === "提交" ? "《返款规则》" : "《报备规则》";
    rules.href = "/rules";
    label.append(box, "我已阅读并同意", rules);
    button.before(label);
    if (said === "提交") {
      button.disabled = true;
      box.addEventListener("change", () => { button.disabled = !box.checked; });
      return;
    }
    button.addEventListener("click", (event) => {
      if (box.checked) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      tell("请先阅读并勾选《报备规则》");
    }, true);
  };
  const dressAll = () => document.querySelectorAll("button").forEach(dress);
  new MutationObserver(dressAll).observe(document.body, { childList: true, subtree: true });
  dressAll();
});
