// The reading pane and the address bar. Opening a message is a step that Back undoes; the list stays
// as it is, with its place. On narrow screens the body shows the list or the message (data-view).
const reader = () => document.getElementById("reader");

function mark() {
  const pane = reader();
  if (!pane) return;
  const uid = pane.dataset.uid ?? "";
  document.body.dataset.view = uid ? "message" : "list";
  document.querySelectorAll(".row-selected").forEach((row) => {
    row.classList.remove("row-selected");
    row.querySelector(".row-main").removeAttribute("aria-current");
  });
  const row = uid && document.getElementById(`row-${uid}`);
  if (row) {
    row.classList.add("row-selected");
    row.querySelector(".row-main").setAttribute("aria-current", "true");
  }
}

let going = false; // Back or Forward: the address is right already

document.addEventListener("htmx:afterSettle", (event) => {
  const pane = reader();
  if (!pane || event.detail.elt.id !== "reader") return;
  const url = pane.dataset.url;
  if (!going && url && url !== location.pathname + location.search) {
    if (pane.dataset.uid) history.pushState({ facteur: true }, "", url);
    else history.replaceState({ facteur: true }, "", url);
  }
  going = false;
  mark();
});

addEventListener("popstate", () => {
  if (!reader()) return;
  going = true;
  htmx.ajax("GET", location.pathname + location.search, { target: "#reader", swap: "outerHTML" });
});

// The arrow back to the list keeps the list where it was.
document.addEventListener("click", (event) => {
  const back = event.target.closest("[data-back]");
  if (back && document.getElementById("list-body")) {
    event.preventDefault();
    const uid = reader().dataset.uid;
    htmx.ajax("GET", back.getAttribute("href"), { target: "#reader", swap: "outerHTML" });
    document.body.dataset.view = "list";
    document.getElementById(`open-${uid}`)?.focus();
  }
  if (event.target.closest("[data-print]")) print();
  const mail = event.target.closest("a[data-write-to]");
  if (mail) {
    event.preventDefault();
    location.href = `/webmail/write/?to=${encodeURIComponent(mail.dataset.writeTo)}`;
  }
});
