// The page of a site, drawn as it goes on; what the person does on it is sent back, in its order.
"use strict";

const KEYS = ["Enter", "Backspace", "Delete", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

function watch(box) {
  const canvas = box.querySelector("canvas");
  const drawn = canvas.getContext("2d");
  const steps = box.querySelectorAll("[data-state]");
  const told = box.querySelector(".told");
  const source = new EventSource(`${box.dataset.liveView}/pictures`);
  let newest = 0;

  source.addEventListener("picture", async (event) => {
    const mine = ++newest;
    const bytes = Uint8Array.from(atob(event.data), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
    if (mine !== newest) return;
    canvas.width = picture.width;
    canvas.height = picture.height;
    drawn.drawImage(picture, 0, 0);
    box.dataset.pictures = String(mine);
  });
  source.addEventListener("state", (event) => {
    const now = JSON.parse(event.data);
    steps.forEach((step) => { step.hidden = step.dataset.state !== now.state; });
    told.textContent = now.told;
    told.hidden = !now.told;
    if (now.state === "ended" || now.state === "logged_in") {
      source.close();
      box.querySelectorAll(".hand").forEach((part) => { part.hidden = true; });
    }
  });
  addEventListener("pagehide", () => source.close());
  work(box, canvas);
}

function work(box, canvas) {
  const waiting = [];
  let sending = false;
  const csrf = document.querySelector("meta[name=csrf]").content;

  const post = (what, told) => fetch(`${box.dataset.liveView}/${what}`, {
    method: "POST", body: JSON.stringify(told), redirect: "manual",
    headers: { "content-type": "application/json", "x-csrf-token": csrf },
  });
  async function send() {
    if (sending) return;
    sending = true;
    while (waiting.length) {
      try {
        await post("input", waiting.splice(0, 100));
      } catch (_) { waiting.length = 0; /* the console is gone; the stream says so */ }
    }
    sending = false;
  }
  const act = (done) => { waiting.push(done); send(); };
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    const part = (value, size) => Math.min(Math.max(value / size, 0), 1);
    return { x: part(event.clientX - box.left, box.width), y: part(event.clientY - box.top, box.height) };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    event.preventDefault();
    act({ kind: "down", ...at(event) });
  });
  canvas.addEventListener("pointermove", (event) => {
    // Where the pointer only passes, its last place is enough.
    if (!event.buttons && waiting.length && waiting.at(-1).kind === "move") waiting.pop();
    act({ kind: "move", ...at(event) });
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, (event) => { if (!event.button || name === "pointercancel") act({ kind: "up", ...at(event) }); });
  }
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    act({ kind: "wheel", wheel: Math.min(Math.max(event.deltaY, -5000), 5000) });
  }, { passive: false });
  // Tab and Escape lead on in our own page: nobody is caught in the canvas.
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (KEYS.includes(event.key)) act({ kind: "key", key: event.key });
    else if (event.key.length === 1) act({ kind: "text", text: event.key });
    else return;
    event.preventDefault();
  });
  box.querySelectorAll("[data-key]").forEach((button) => {
    button.addEventListener("click", () => act({ kind: "key", key: button.dataset.key }));
  });
  box.querySelector("[data-done]").addEventListener("click", () => post("done", {}));
  const typing = box.querySelector("form.typing");
  typing.addEventListener("submit", (event) => {
    event.preventDefault();
    const given = typing.elements.text;
    if (given.value) act({ kind: "text", text: given.value });
    given.value = "";
  });
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-live-view]").forEach(watch));
