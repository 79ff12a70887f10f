// A form that asks for a bank account opens on 支付宝 and on an account that is saved; its boxes count for 使用新账户 alone.
addEventListener("DOMContentLoaded", () => {
  const option = (name, value, said, checked) => {
    const label = document.createElement("label"), radio = document.createElement("input");
    Object.assign(radio, { type: "radio", name, value, checked });
    label.append(radio, said);
    return label;
  };
  const line = (said, ...options) => {
    const p = document.createElement("p");
    p.append(said, ...options);
    return p;
  };
  for (const form of document.querySelectorAll("form")) {
    if (!/开户|银行/.test(form.textContent) || !form.querySelector("[type=submit]")) continue;
    const way = line("收款方式：", option("PayType", "alipay", "支付宝", true), option("PayType", "bank", "银行卡", false));
    const saved = option("AccountId", "8888", "工商银行 尾号8888", true);
    form.prepend(way, line("返款账户：", saved, option("AccountId", "new", "使用新账户", false)));
  }
});
