// Arms a guard: until it is lifted, no press of the mouse reaches the page once one of `pieces`, the elements of a row, has
// lost one of `facts` that it shows now, or the button its words or its place in them. False, and nothing armed, if they
// are not there now. What a row gains, such as a hint under the pointer, holds nothing back.
//
// What the page itself registered on the window for the capture phase, before this was armed, hears of a press first,
// whichever world a guard is in. What such a listener does to the row is seen here all the same, as it comes next; only what
// such a listener sends by itself cannot be held back. To hide the page from the pointer meanwhile would not do: a list
// that turns whenever the pointer enters it would turn again once it is there again.
(registry, [pieces, facts, button, said]) => {
  registry.guard?.lift();
  const EVENTS = ["pointerdown", "mousedown", "pointerup", "mouseup", "click"];
  const of = (id) => registry.elements.get(id)?.deref();
  const inside = (el, outer) => {
    for (let n = el; n; n = n.parentNode || n.host) if (n === outer) return true;
    return false;
  };
  const words = (root) => {
    const left = [root];
    let all = "";
    while (left.length) {
      const n = left.pop();
      if (n.nodeType === Node.TEXT_NODE) all += n.data;
      else if (n.tagName === "INPUT") all += n.value;
      for (let child = n.lastChild; child; child = child.previousSibling) left.push(child);
      if (n.shadowRoot) left.push(n.shadowRoot);
    }
    return all.replace(/\s+/g, "");
  };
  const says = (el, wanted) => {
    const all = wanted.length ? words(el) : "";
    return wanted.every((one) => all.includes(one));
  };
  const pressed = of(button), homes = pieces.map(of).filter((el) => el?.isConnected);
  // A copy of the row can have been drawn anew; its outermost element is what the look knew it by.
  if (!pressed || !homes.includes(of(pieces[0]))) return false;
  const parts = homes.map((el) => ({ el, facts: facts.filter((one) => says(el, [one])), holds: inside(pressed, el) }));
  if (!facts.every((one) => parts.some((part) => part.facts.includes(one)))) return false;
  const keeps = (part) => part.el.isConnected && says(part.el, part.facts) && (!part.holds || inside(pressed, part.el));
  const same = () => pressed.isConnected && says(pressed, said) && parts.every(keeps);
  if (!same()) return false;

  const check = (event) => {
    if (!event.isTrusted) return;
    if (guard.held || !same()) {
      guard.held = true;
      event.stopImmediatePropagation();
      event.preventDefault();
    } else if (event.type === "click") {
      guard.lift();  // what this very click changes is no reason to call it held back
    }
  };
  const guard = {
    held: false,
    lift: () => {
      for (const name of EVENTS) removeEventListener(name, check, true);
      return guard.held;
    },
  };
  for (const name of EVENTS) addEventListener(name, check, { capture: true, passive: false });
  registry.guard = guard;
  return true;
}
