// A form that asks for a bank account has a choice besides, made beforehand, of which nobody knows what it means.
addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form")) {
    if (!/开户|银行/.test(form.textContent) || !form.querySelector("[type=submit]")) continue;
    const p = document.createElement("p");
    p.innerHTML = "处理方式：<label><input type=radio name=Deal value=1 checked>转下期</label> <label><input type=radio name=Deal value=2>到期处理</label>";
    form.prepend(p);
  }
});
