// In a tab of its own, right after the confirmation was sent, the page asks about another order.
if (new URLSearchParams(location.search).has("ask")) {
  const real = window.fetch;
  window.fetch = (...sent) => {
    const answer = real(...sent);
    if (sent[1]?.method === "POST") setTimeout(() => confirm("确定要确认订单 3391800199990101999 吗？"), 100);
    return answer;
  };
}
