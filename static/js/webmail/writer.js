// The writing page: Ctrl+Enter sends, Ctrl+S keeps, Escape closes; the text grows with what is written.
import { present } from "webmail/present";

const form = document.getElementById("writing");
const text = form.querySelector(".sheet-text");

function grow() {
  text.style.blockSize = "auto";
  text.style.blockSize = `${text.scrollHeight + 2}px`;
}
text.addEventListener("input", grow);
grow();

// Bcc stays away until it is wanted.
const bcc = form.querySelector("[data-optional]");
const shows = form.querySelector("[data-shows]");
if (bcc && shows) {
  bcc.hidden = true;
  shows.hidden = false;
  shows.addEventListener("click", () => {
    bcc.hidden = false;
    shows.hidden = true;
    bcc.querySelector("input").focus();
  });
}

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    event.preventDefault();
    document.querySelector("[data-send]").click();
  } else if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    form.dispatchEvent(new CustomEvent("facteur:save"));
  } else if (event.key === "Escape" && !event.defaultPrevented) {
    document.querySelector("[data-keep]").click();
  }
});

// Nothing written, nothing to keep.
form.addEventListener("input", () => (form.dataset.touched = "1"), { once: true });
document.querySelector("[data-keep]").addEventListener("click", (event) => {
  if (form.dataset.touched || form.elements.draft.value) return;
  event.preventDefault();
  if (history.length > 1) history.back();
  else location.href = "/webmail/";
});

// An answer starts above the quoted words; a new letter starts with whom it goes to. Who is quicker than
// this script and writes already keeps the caret.
if (!document.querySelector("[data-focus-first]") && document.activeElement !== text) {
  const to = form.querySelector("[name=to]");
  if (to.value || to.closest(".chips").querySelector(".chip")) {
    text.focus();
    text.setSelectionRange(0, 0);
    text.closest(".scroll").scrollTop = 0;
  } else {
    (to.closest(".chips").querySelector("[data-typed]") ?? to).focus();
  }
}

// Sending once is enough, and only for who is still signed in.
form.addEventListener("submit", async (event) => {
  if (form.dataset.sending === "cleared") return void (form.dataset.sending = "gone");
  event.preventDefault();
  if (form.dataset.sending) return;
  form.dataset.sending = "asking";
  if (await present()) {
    form.dataset.sending = "cleared";
    form.requestSubmit(event.submitter);
  } else delete form.dataset.sending;
});
addEventListener("pageshow", () => delete form.dataset.sending);
