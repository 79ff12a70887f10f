// What pages do beyond links and forms. Everything works without it, only not by itself.
"use strict";

// A part of a page that is asked for anew when the server says that something has changed, or every few seconds.
function live(part) {
  let asking = false;
  async function renew() {
    const inside = part.contains(document.activeElement) && document.activeElement.matches("input,select,textarea");
    if (asking || inside || document.hidden) return;
    asking = true;
    try {
      const answer = await fetch(part.dataset.live, { headers: { "x-part": "1" }, redirect: "manual" });
      if (answer.ok) {
        const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
        part.replaceChildren(...drawn.body.childNodes);
        begin(part);
      } else if (answer.type === "opaqueredirect") {
        location.reload();
      }
    } catch (_) { /* the next change, or the next look, tries again */ } finally {
      asking = false;
    }
  }
  if (part.dataset.events) {
    const source = new EventSource(part.dataset.events);
    source.addEventListener("changed", renew);
    addEventListener("pagehide", () => source.close());
  }
  if (part.dataset.every) setInterval(renew, Number(part.dataset.every) * 1000);
}

// How long something is still of use.
function countdown(shown) {
  const until = Date.parse(shown.dataset.until);
  function tick() {
    if (!shown.isConnected) return clearInterval(timer);
    const left = Math.round((until - Date.now()) / 1000);
    const size = Math.abs(left);
    shown.textContent = `${left < 0 ? "−" : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    shown.classList.toggle("over", left < 0);
  }
  const timer = setInterval(tick, 1000);
  tick();
}

// Before and after: the slider says how much of the later picture covers the earlier one.
function compare(box) {
  const slider = box.querySelector("input");
  const over = box.querySelector(".over");
  const set = () => { over.style.clipPath = `inset(0 0 0 ${slider.value}%)`; };
  slider.addEventListener("input", set);
  set();
}

function choose(form) {
  const boxes = [...form.querySelectorAll("input[name=account]")];
  const all = form.querySelector("input.all");
  if (!all) return; // who may only look is offered no boxes
  const told = form.querySelector("output");
  const set = () => {
    const count = boxes.filter((box) => box.checked).length;
    if (told) told.textContent = count;
    all.checked = count > 0 && count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); set(); });
  form.addEventListener("change", set);
  set();
}

function begin(root) {
  root.querySelectorAll("[data-until]").forEach(countdown);
  root.querySelectorAll(".compare").forEach(compare);
  root.querySelectorAll("form.choose").forEach(choose);
}

document.addEventListener("DOMContentLoaded", () => {
  begin(document);
  document.querySelectorAll("[data-live]").forEach(live);
  // "/" leads to the search box, as in many programs.
  document.addEventListener("keydown", (event) => {
    const search = document.querySelector("input[type=search]");
    if (event.key === "/" && search && !event.target.matches("input,select,textarea")) {
      event.preventDefault();
      search.focus();
    }
  });
});
