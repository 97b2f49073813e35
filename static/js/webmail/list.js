// The list loads on before its end is reached, and keeps the focus when rows come and go.
const AHEAD = "1500px";
const scroller = document.getElementById("list-scroll");

const watcher = scroller && new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      htmx.trigger(entry.target, "facteur:older");
    }
  },
  { root: scroller, rootMargin: AHEAD },
);

const watch = () => document.querySelectorAll("[data-older]").forEach((link) => watcher?.observe(link));

if (scroller) {
  watch();
  document.addEventListener("htmx:afterSettle", watch);
  document.addEventListener("htmx:oobAfterSwap", watch);
}

// After an action the row may be gone: the focus goes to the one that took its place.
let focused = -1;

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target.id !== "list-body") return;
  const rows = [...document.querySelectorAll("#list-body .row")];
  focused = rows.findIndex((row) => row.contains(document.activeElement));
});

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "list-body" || focused < 0) return;
  const rows = [...document.querySelectorAll("#list-body .row")];
  rows[Math.min(focused, rows.length - 1)]?.querySelector(".row-main").focus({ preventScroll: true });
  focused = -1;
});
