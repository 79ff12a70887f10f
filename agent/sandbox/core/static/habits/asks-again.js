// The page that asks about an order says that it was confirmed before.
addEventListener("DOMContentLoaded", () => {
  const say = () => {
    const question = document.querySelector("#question");
    if (!question || question.dataset.said) return;
    question.dataset.said = "1";
    question.insertAdjacentHTML("afterbegin", "<p>该服务已确认过，是否重复确认？</p>");
  };
  new MutationObserver(say).observe(document.body, { childList: true, subtree: true });
});
