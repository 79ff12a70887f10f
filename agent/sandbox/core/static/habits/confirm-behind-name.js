// A row has no 确认: a click on the service's name opens a drawer that tells of the order, and there it is.
addEventListener("DOMContentLoaded", () => {
  const open = (heads, cells, buttons) => {
    document.querySelector("#own-drawer")?.remove();
    const drawer = document.createElement("div"), foot = document.createElement("footer");
    drawer.id = "own-drawer";
    drawer.style.cssText = "position:fixed;right:0;top:0;bottom:0;width:480px;padding:24px;z-index:800;background:#fff;border-left:1px solid #ccc";
    drawer.append(Object.assign(document.createElement("h3"), { textContent: "订单详情" }));
    heads.forEach((head, at) => {
      if (head === "操作") return;
      const line = document.createElement("p");
      line.textContent = `${head}：${cells[at].innerText.split("\n")[0]}`;
      drawer.append(line);
    });
    for (const [words, work] of [["关闭", () => {}], ["确认服务", () => buttons.forEach((one) => one.click())]]) {
      const button = document.createElement("button");
      button.textContent = words;
      button.onclick = () => { drawer.remove(); work(); };
      foot.append(button);
    }
    drawer.append(foot);
    document.body.append(drawer);
  };
  const hide = () => {
    for (const row of document.querySelectorAll("tbody tr, [class*=list-row]")) {
      const buttons = [...row.querySelectorAll("button, a")].filter((one) => one.textContent.trim() === "确认");
      const headed = row.closest("table")?.querySelectorAll("th") ?? document.querySelector("[class*=list-header]").children;
      const heads = [...headed].map((one) => one.textContent.trim()), cells = [...row.children];
      const name = cells[heads.indexOf("服务名称")];
      if (!buttons.length || !name || row.dataset.behind) continue;
      row.dataset.behind = "1";
      buttons.forEach((one) => { one.style.display = "none"; });
      const link = name.firstElementChild ?? name;
      link.style.cursor = "pointer";
      link.addEventListener("click", () => open(heads, cells, buttons));
    }
  };
  new MutationObserver(hide).observe(document.body, { childList: true, subtree: true });
  hide();
});
