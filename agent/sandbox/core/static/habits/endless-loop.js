// A script of the list of orders goes round in a circle for ever.
if (location.pathname === "/orders") {
  setTimeout(() => {
    for (;;);
  }, 300);
}
