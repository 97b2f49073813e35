// <button data-drawer="side"> slides <nav id="side"> in on narrow screens. Escape, a click beside it
// or following one of its links closes it; the focus goes back to the button.
const opened = () => document.querySelector("[data-open][data-drawer-pane]");

function close(pane) {
  pane.removeAttribute("data-open");
  const button = document.querySelector(`[data-drawer="${pane.id}"]`);
  button?.setAttribute("aria-expanded", "false");
  button?.focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-drawer]");
  const pane = opened();
  if (pane && (button || !pane.contains(event.target))) {
    event.preventDefault();
    close(pane);
  } else if (pane && event.target.closest("a")) {
    close(pane);
  } else if (button) {
    const target = document.getElementById(button.dataset.drawer);
    target.setAttribute("data-drawer-pane", "");
    target.setAttribute("data-open", "");
    button.setAttribute("aria-expanded", "true");
    target.querySelector("a, button")?.focus();
  }
});

document.addEventListener("keydown", (event) => {
  const pane = opened();
  if (event.key === "Escape" && pane) close(pane);
});
