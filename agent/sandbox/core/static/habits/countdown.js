// What agrees to a question can be pressed only after two seconds, which it counts down: 确定（2s）.
addEventListener("DOMContentLoaded", () => {
  const hold = (yes) => {
    const word = yes.textContent;
    let left = 2;
    const draw = () => { yes.textContent = left ? `${word}（${left}s）` : word; yes.disabled = left > 0; };
    const timer = setInterval(() => { left -= 1; draw(); if (!left) clearInterval(timer); }, 1000);
    draw();
  };
  const asks = (layer) => {
    const buttons = [...layer.querySelectorAll("button")];
    const no = buttons.some((button) => button.textContent.replace(/\s/g, "") === "取消");
    const yes = buttons.find((button) => ["确定", "确认"].includes(button.textContent.replace(/\s/g, "")));
    if (no && yes && !yes.disabled && !layer.querySelector("table")) hold(yes);
  };
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.querySelectorAll) asks(node);
  }).observe(document.body, { childList: true });
});
