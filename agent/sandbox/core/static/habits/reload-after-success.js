// The page loads itself anew soon after it has said 成功.
addEventListener("DOMContentLoaded", () => {
  let soon = false;
  new MutationObserver((changes) => {
    const said = changes.some(({ addedNodes }) => [...addedNodes].some((node) => /成功$/.test(node.textContent.trim())));
    if (soon || !said) return;
    soon = true;
    setTimeout(() => location.reload(), 300);
  }).observe(document.body, { childList: true });
});
