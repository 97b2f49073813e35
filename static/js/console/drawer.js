// The side of the console as a drawer on narrow screens. Without this script the link opens it by :target.
const opener = document.querySelector("[data-drawer]");
const drawer = opener && document.getElementById(opener.dataset.drawer);

function set(open) {
  drawer.toggleAttribute("data-open", open);
  opener.setAttribute("aria-expanded", String(open));
  (open ? drawer.querySelector("a") : opener).focus();
}

if (drawer) {
  opener.addEventListener("click", (event) => {
    event.preventDefault();
    set(!drawer.hasAttribute("data-open"));
  });
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") { event.preventDefault(); opener.click(); }
  });
  drawer.querySelector("[data-drawer-close]").addEventListener("click", (event) => {
    event.preventDefault();
    set(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drawer.hasAttribute("data-open")) set(false);
  });
  document.addEventListener("click", (event) => {
    if (drawer.hasAttribute("data-open") && !drawer.contains(event.target) && !opener.contains(event.target)) set(false);
  });
}
