// Before the question that 确认 brings up, something else is asked; ours follows only once that was declined.
addEventListener(
  "click",
  (event) => {
    const pressed = event.target.closest?.("button, a, span, [role=button]");
    if (!pressed || pressed.dataset.offered || pressed.textContent.replace(/\s/g, "") !== "确认") return;
    if (pressed.closest("[role=dialog], [class*=dialog], [class*=modal]")) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    const offer = document.createElement("div"), words = document.createElement("p");
    offer.style.cssText = "position:fixed;left:35%;top:30%;padding:24px;z-index:9000;background:#fff;border:1px solid #999";
    words.textContent = "开通极速服务保障，让您的店铺更安心";
    const close = (then) => () => { offer.remove(); then(); };
    const yes = document.createElement("button"), no = document.createElement("button");
    [yes.textContent, no.textContent] = ["确定", "取消"];
    yes.onclick = close(() => { document.title = "已开通"; });
    no.onclick = close(() => { pressed.dataset.offered = "1"; pressed.click(); });
    offer.append(words, yes, no);
    document.body.append(offer);
  },
  true,
);
