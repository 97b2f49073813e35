// The keyboard. A key presses the visible element that carries it in data-key; J, K, O and X work on
// the list; G and a letter goes to a folder. Letters never fire in a field and can be switched off.
const FOLDERS = { i: "INBOX", s: "\\Sent", d: "\\Drafts", a: "\\Archive" };
const isOff = document.documentElement.dataset.keys === "off";
let goes = false;

const visible = (element) => element.offsetParent !== null || getComputedStyle(element).position === "fixed";
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const rows = () => [...document.querySelectorAll("#list-body .row-main")];

function here() {
  const all = rows();
  const focused = all.findIndex((row) => row.closest(".row").contains(document.activeElement));
  return focused >= 0 ? focused : all.findIndex((row) => row.hasAttribute("aria-current"));
}

function step(by) {
  const all = rows();
  const next = all[here() < 0 ? 0 : here() + by];
  if (!next) return;
  next.focus();
  next.closest(".row").scrollIntoView({ block: "nearest" });
  if (document.getElementById("reader")?.dataset.uid && matchMedia("(min-width: 861px)").matches) next.click();
}

function press(key) {
  const wanted = [...document.querySelectorAll("[data-key]")].filter((element) => {
    const keys = element.dataset.key.split(" ");
    return keys.includes(key) && (visible(element) || element.closest(".toast"));
  });
  const target = wanted.at(-1);
  if (target) return target.click(), true;
  return onRow(key);
}

// Without an open message the letters mean the row that has the focus.
function onRow(key) {
  const row = rows()[here()]?.closest(".row");
  const verb = { e: "archive", "#": "trash", Delete: "trash", u: "unread", s: "star" }[key];
  const button = row && verb && row.querySelector(`[name="do"][value^="${verb}."], [name="do"][value^="un${verb}."]`);
  button?.click();
  return Boolean(button);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (typing(event.target)) return;
  if (event.ctrlKey) {
    if (event.key === "z" && press("z")) event.preventDefault();
    return;
  }
  if (isOff && event.key.length === 1) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let done = true;
  if (goes) {
    goes = false;
    const link = FOLDERS[key] && document.querySelector(`[data-go="${CSS.escape(FOLDERS[key])}"]`);
    if (link) link.click();
  } else if (key === "g") goes = true;
  else if (key === "j" || (key === "ArrowDown" && here() >= 0 && rows()[here()] === document.activeElement)) step(1);
  else if (key === "k" || (key === "ArrowUp" && here() >= 0 && rows()[here()] === document.activeElement)) step(-1);
  else if (key === "o") rows()[here()]?.click();
  else if (key === "x") rows()[here()]?.closest(".row").querySelector(".check").click();
  else if (key === "Escape") document.querySelector("[data-pick=none]")?.click();
  else done = press(key);
  if (done && key !== "Escape") event.preventDefault();
});
