// Advice, notices, questions and links that speak of locked accounts, trouble, sliders and codes, and state nothing.
addEventListener("DOMContentLoaded", () => {
  const line = (html) => Object.assign(document.createElement("p"), { innerHTML: html, className: "hint" });
  const above = document.createElement("div"), below = document.createElement("div");
  above.append(
    line("公告：昨日系统繁忙问题已修复"),
    line('<a href="/help">账号被冻结怎么办？</a>　<a href="/help">登录失效怎么办</a>　<a href="/help">密码错误怎么办</a>'),
  );
  below.append(
    line("连续输错5次密码，账号将被锁定"),
    line("公告：旧版入口已停用，请使用新版"),
    line("请勿禁用浏览器 Cookie"),
    line("如遇滑块验证失败请刷新；如遇问题请重新登录"),
    line("请完成安全验证后提现，部分资金已锁定"),
    line("若提示系统维护中，请稍后再试；密码将于30天后过期"),
  );
  document.body.prepend(above);
  document.body.append(below);
});
