// Begun once in a document: tells whether it may look different from when `walked` was last called, without a walk over
// it. True whenever that is not certain: where something moves, is loading, or has a shadow tree, which nobody hears of
// here; and in any case once in a while, for a style sheet can be changed without a trace.
() => {
  const LONGEST = 1000, OFTEN = 20;
  // [what, a function that reads it, what it was]
  let changed = true, unsure = false, since = 0, walks = 0, watched = [], latest = performance.now();
  const note = () => { changed = true; latest = performance.now(); };
  const observer = new MutationObserver(note);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const events = [
    "input", "change", "reset", "load", "error", "scroll", "resize", "toggle", "beforetoggle", "slotchange", "focusin", "focusout",
    "mouseover", "mouseout", "mousedown", "mouseup", "keydown", "keyup", "transitionrun", "transitionend", "transitioncancel",
    "animationstart", "animationend", "animationcancel", "fullscreenchange", "hashchange",
  ];
  for (const name of events) addEventListener(name, note, { capture: true, passive: true });
  // A picture or a frame that has come tells the document, and not the window.
  for (const name of ["load", "error"]) document.addEventListener(name, note, { capture: true, passive: true });
  document.fonts.addEventListener("loadingdone", note);

  const doc = () => document.scrollingElement || document.documentElement;
  const whole = () => [
    location.href, document.title, document.readyState, innerWidth, innerHeight, scrollX, scrollY, doc().scrollHeight,
    doc().scrollWidth, document.styleSheets.length, document.adoptedStyleSheets.length,
  ].join(" ");
  const held = (el) => [el.value, el.checked, el.selectedIndex, el.disabled].join(" ");
  const scrolled = (el) => el.scrollTop + " " + el.scrollLeft + " " + el.scrollHeight;
  const watch = (what, read) => { watched.push([what, read, read(what)]); };
  const isMoving = () => document.fonts.status === "loading" || document.getAnimations().some((one) => one.playState === "running");
  const take = () => { if (observer.takeRecords().length > 0) note(); };
  const heard = () => { take(); return changed || unsure; };
  // Asks again and again, and answers with what is told once that is not undefined.
  const once = (ask) => new Promise((answer) => {
    const began = performance.now();
    const next = () => {
      const told = ask(performance.now() - began);
      if (told === undefined) setTimeout(next, OFTEN); else answer(told);
    };
    next();
  });
  const stirred = () => heard() || watched.some(([what, read, was]) => read(what) !== was) || isMoving();
  return {
    stirred: () => stirred() || performance.now() - since > LONGEST,
    // The same at two moments between which nothing stirred; null where something has.
    still: () => stirred() ? null : walks,
    walks: () => walks,
    // True if nothing stirs for so many milliseconds; false as soon as something does, or if it has since the last walk.
    stays: (ms) => {
      const walk = walks;
      return once((passed) => stirred() || walks !== walk ? false : passed >= ms ? true : undefined);
    },
    // Answers once nothing was heard of for `ms`, or after `most`.
    calms: (ms, most) => once((passed) => {
      take();
      return passed >= most || (performance.now() - latest >= ms && !isMoving()) ? true : undefined;
    }),
    // To be called as a walk begins, then for each element of it that can change by itself.
    walked: () => {
      observer.takeRecords();
      changed = unsure = false;
      walks += 1;
      since = performance.now();
      watched = [];
      watch(document, whole);
    },
    control: (el) => watch(el, held),
    scroller: (el) => watch(el, scrolled),
    shadow: () => { unsure = true; },
  };
}
