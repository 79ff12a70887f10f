// 添加 without the rules agreed to is put off: the page sends the form by itself as soon as they are.
addEventListener("DOMContentLoaded", () => {
  const dressed = new WeakSet();
  const dress = (button) => {
    if (dressed.has(button) || button.textContent.replace(/\s/g, "") !== "添加") return;
    dressed.add(button);
    const label = document.createElement("label"), box = document.createElement("input");
    box.type = "checkbox";
    label.append(box, "我已阅读并同意《报备规则》");
    button.before(label);
    let putOff = false;
    box.addEventListener("change", () => {
      if (!box.checked || !putOff) return;
      putOff = false;
      button.click();
    });
    button.addEventListener("click", (event) => {
      if (box.checked) return;
      putOff = true;
      event.preventDefault();
      event.stopImmediatePropagation();
      const toast = document.createElement("p");
      toast.textContent = "请先阅读并勾选《报备规则》";
      toast.style.cssText = "position:fixed;top:10px;left:40%;z-index:9000;background:#fff";
      document.body.append(toast);
      setTimeout(() => toast.remove(), 3000);
    }, true);
  };
  const dressAll = () => document.querySelectorAll("button").forEach(dress);
  new MutationObserver(dressAll).observe(document.body, { childList: true, subtree: true });
  dressAll();
});
