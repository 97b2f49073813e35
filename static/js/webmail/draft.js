// The draft is kept a moment after each change, one save at a time.
import { present } from "webmail/present";

const PAUSE = 1500; // milliseconds without typing
const form = document.getElementById("writing");
const told = document.querySelector("[data-saved]");
const check = document.querySelector("[data-check-template]");
let timer = 0;
let running = null;
let dirty = false;

function tell(text, isGood) {
  told.replaceChildren(...(isGood ? [check.content.cloneNode(true)] : []), text);
}

const post = () =>
  fetch(form.dataset.save, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });

async function once() {
  dirty = false;
  tell(form.dataset.wordsSaving);
  const sent = [...form.elements.uploads.files];
  let answer = await post();
  if (answer.redirected || answer.status === 403) {
    if (!(await present())) return tell("");
    answer = await post();
  }
  const result = await answer.json();
  if (!answer.ok) throw new Error(result.error);
  form.elements.draft.value = result.draft;
  form.dispatchEvent(new CustomEvent("facteur:saved", { detail: { files: result.files, sent } }));
  tell(`${form.dataset.wordsSaved} ${result.saved}`, true);
}

export async function save() {
  clearTimeout(timer);
  if (running) return void (dirty = true);
  running = once().catch((error) => tell(error instanceof TypeError || error instanceof SyntaxError ? form.dataset.wordsLost : error.message));
  await running;
  running = null;
  if (dirty) await save();
}

const later = () => {
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
};

form.addEventListener("input", (event) => event.target.type !== "file" && later());
form.addEventListener("facteur:changed", later);
form.addEventListener("facteur:save", save);

// A send or a close waits for the save that is under way: it would leave a second draft behind.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!running) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  running.finally(() => setTimeout(() => form.requestSubmit(event.submitter)));
});
