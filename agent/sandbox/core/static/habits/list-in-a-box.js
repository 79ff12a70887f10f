// The list scrolls in a small box of its own, far down the page.
addEventListener("DOMContentLoaded", () => {
  const style = document.createElement("style");
  style.textContent = ".box-of-list { height: 160px; overflow: auto; margin-top: 1700px }";
  document.head.append(style);
  const put = () => {
    for (const body of document.querySelectorAll("tbody")) {
      body.closest("table").parentElement.classList.add("box-of-list");
    }
  };
  put();
  new MutationObserver(put).observe(document.body, { childList: true, subtree: true });
});
