// The 确认 of each row has a colour made of the row's number, by which it is known on a picture.
addEventListener("DOMContentLoaded", () => {
  const paint = (row) => {
    const number = row.innerText.match(/\d{12,}/)?.[0];
    for (const el of number ? row.querySelectorAll("button, a, input[type=submit]") : []) {
      if ((el.value || el.innerText).trim() === "确认") el.style.background = el.style.color = `#${number.slice(-6)}`;
    }
  };
  const all = () => document.querySelectorAll("tbody tr").forEach(paint);
  all();
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
});
