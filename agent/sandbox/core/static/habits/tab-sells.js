// The page that asks before a confirmation says in small print what else the click brings about.
addEventListener("DOMContentLoaded", () => {
  new MutationObserver(() => {
    const question = document.querySelector("#question");
    if (!question || question.querySelector("small")) return;
    question.append(Object.assign(document.createElement("small"), { textContent: "点击确定即加入先享计划，次月起按原价结算" }));
  }).observe(document.body, { childList: true, subtree: true });
});
