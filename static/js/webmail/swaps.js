// Around htmx: what a request carries along, what happens when it fails, and the dialogs it brings.
import { say } from "facteur/toasts";

// The server answers an action with the list as long as it is on the screen, the open message marked.
document.addEventListener("htmx:configRequest", (event) => {
  const rows = document.querySelectorAll("#list-body .row").length;
  const open = document.getElementById("reader")?.dataset.uid;
  const { parameters, triggeringEvent } = event.detail;
  // A button that belongs to the form by its form attribute stands outside of it.
  const button = triggeringEvent?.submitter;
  if (button?.name) parameters[button.name] = button.value;
  if (rows && !("loaded" in parameters)) parameters.loaded = rows;
  if (open && !parameters.open) parameters.open = open;
});

for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
  document.addEventListener(name, (event) => {
    // Signed out meanwhile, or the message is gone: the whole page knows better.
    if ([403, 404].includes(event.detail.xhr?.status)) location.reload();
    else say(document.body.dataset.wordsLost);
  });
}

// A redirect to the sign-in page arrives as a whole page: follow it instead of swapping it in.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname.endsWith("/login/")) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "dialogs") event.detail.target.querySelector("dialog")?.showModal();
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-closing]")) event.target.closest("dialog").close();
});

// Settings that take effect at once.
document.addEventListener("change", (event) => event.target.closest("form[data-submit-on-change]")?.requestSubmit());
