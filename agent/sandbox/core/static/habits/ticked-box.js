// Each question has a box beside its buttons, ticked beforehand, that renews a subscription; while it is ticked, the
// button that agrees does nothing but that.
addEventListener("DOMContentLoaded", () => {
  const said = (button) => button.textContent.replace(/\s/g, "");
  const asks = (layer) => {
    const buttons = [...layer.querySelectorAll("button")];
    const no = buttons.find((button) => said(button) === "取消");
    const yes = buttons.find((button) => ["确定", "确认"].includes(said(button)));
    if (!no || !yes || layer.querySelector("input, select") || layer.querySelector("table")) return;
    const label = document.createElement("label"), box = document.createElement("input");
    [box.type, box.checked] = ["checkbox", true];
    label.style.display = "block";
    label.append(box, "服务到期后自动续费");
    no.parentElement.before(label);
    yes.addEventListener("click", (event) => { if (box.checked) event.stopImmediatePropagation(); }, true);
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.querySelectorAll) asks(node);
  }).observe(document.body, { childList: true });
});
