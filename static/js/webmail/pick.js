// Ticking rows: how many, all or none, ranges with Shift; ticks outlive a refresh of the list.
const boxes = () => [...document.querySelectorAll("#list-body .row-pick > .check")];
const kept = new Set();
let last = null;

function tell() {
  const count = boxes().filter((box) => box.checked).length;
  document.querySelector("#list")?.classList.toggle("picking", count > 0);
  const told = document.querySelector("[data-picked]");
  if (told) told.textContent = count ? String(count) : "";
}

function set(box, checked) {
  box.checked = checked;
  if (checked) kept.add(box.value);
  else kept.delete(box.value);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(".row-pick > .check");
  if (box) {
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((one) => set(one, box.checked));
    } else set(box, box.checked);
    last = box;
    tell();
  }
  const button = event.target.closest("[data-pick]");
  if (button) {
    boxes().forEach((one) => set(one, button.dataset.pick === "all"));
    tell();
  }
});

// Behind an action on the ticked rows nothing is ticked any more.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "act") kept.clear();
});

document.addEventListener("htmx:oobAfterSwap", (event) => {
  if (event.detail.target.id !== "list-body") return;
  boxes().forEach((box) => (box.checked = kept.has(box.value)));
  tell();
});
tell();
