// A tour lies over the page when it is first opened: 下一步, 下一步, 完成.
addEventListener("DOMContentLoaded", () => {
  if (sessionStorage.toured) return;
  const steps = ["在这里查看您的订单", "在这里处理待办事项", "有问题请联系客服"];
  const veil = document.createElement("div"), card = document.createElement("div"), words = document.createElement("p");
  veil.style.cssText = "position:fixed;inset:0;z-index:9000;background:rgba(0,0,0,.5)";
  card.style.cssText = "position:fixed;left:40%;top:40%;padding:20px;z-index:9001;background:#fff";
  const on = document.createElement("button");
  let at = 0;
  const draw = () => {
    words.textContent = `${steps[at]}（${at + 1}/${steps.length}）`;
    on.textContent = at + 1 < steps.length ? "下一步" : "完成";
  };
  on.onclick = () => {
    at += 1;
    if (at < steps.length) { draw(); return; }
    sessionStorage.toured = "1";
    veil.remove();
    card.remove();
  };
  draw();
  card.append(words, on);
  document.body.append(veil, card);
});
