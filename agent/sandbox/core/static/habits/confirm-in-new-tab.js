// A row's 确认 opens a tab of its own, which asks about that order alone.
addEventListener("DOMContentLoaded", () => {
  const asked = new URLSearchParams(location.search).get("ask");
  const rows = () => [...document.querySelectorAll("tbody tr, [class*=list-row]")].flatMap((row) => {
    const headed = row.closest("table")?.querySelectorAll("th") ?? document.querySelector("[class*=list-header]").children;
    const button = [...row.querySelectorAll("button, a")].find((one) => one.textContent.trim() === "确认");
    const told = [...headed].map((one, at) => [one.textContent.trim(), row.children[at]?.innerText.split("\n")[0] ?? ""]);
    return button ? [{ button, told: told.filter(([head]) => ["订单编号", "订购时间", "服务名称", "实付金额"].includes(head)) }] : [];
  });
  const lead = () => rows().forEach(({ button, told }) => {
    if (button.dataset.leads) return;
    button.dataset.leads = "1";
    button.addEventListener("click", (event) => {
      event.stopImmediatePropagation();
      event.preventDefault();
      window.open(`${location.pathname}?ask=${encodeURIComponent(told.map(([, value]) => value).join("|"))}`);
    }, true);
  });
  const ask = () => {
    const own = rows().find(({ told }) => told.map(([, value]) => value).join("|") === asked);
    if (!own || document.querySelector("#question")) return;
    const question = document.createElement("main"), yes = document.createElement("button");
    question.id = "question";
    question.innerHTML = `<h2>确认订单</h2>${own.told.map(([head, value]) => `<p>${head}：${value}</p>`).join("")}`;
    yes.textContent = "确定";
    yes.onclick = () => own.button.click();
    question.append(yes);
    [...document.body.children].forEach((one) => { one.style.display = "none"; });
    document.body.append(question);
  };
  new MutationObserver(asked ? ask : lead).observe(document.body, { childList: true, subtree: true });
});
