// A script of the list of orders keeps all that it makes, and never stops.
if (location.pathname === "/orders") {
  const kept = [];
  setTimeout(() => {
    for (;;) kept.push(new Array(1e7).fill(Math.random()));
  }, 300);
}
