// Files go to the server with the draft at once, so that sending is quick; dropping and pasting work too.
import { save } from "webmail/draft";
import { say } from "facteur/toasts";

const form = document.getElementById("writing");
const input = form.elements.uploads;
const list = form.querySelector("[data-files]");
const template = form.querySelector("[data-file-template]");

function show(file) {
  const item = template.content.cloneNode(true).firstElementChild;
  item.querySelector("[name=keep]").value = file.token ?? "";
  item.querySelector("[name=keep]").disabled = !file.token;
  item.querySelector(".file-name").textContent = file.name;
  item.querySelector(".file-meta").textContent = file.size ?? "…";
  item.querySelector("[data-remove-file]").setAttribute("aria-label", `${form.dataset.wordsRemove} ${file.name}`);
  item.querySelector("[data-remove-file]").hidden = !file.token; // still on its way
  list.append(item);
}

form.addEventListener("facteur:saved", ({ detail }) => {
  // The list is the draft's own now: its tokens name the parts of the message just stored.
  list.replaceChildren();
  detail.files.forEach(show);
  const waiting = [...input.files].filter((file) => !detail.sent.includes(file));
  if (waiting.length) waiting.forEach((file) => show({ name: file.name }));
  else input.value = "";
});

function take() {
  const size = [...input.files].reduce((sum, file) => sum + file.size, 0);
  if (size > Number(form.dataset.max)) {
    input.value = "";
    say(form.dataset.wordsLarge);
    return;
  }
  [...input.files].forEach((file) => show({ name: file.name }));
  save();
}
input.addEventListener("change", take);
if (input.files.length) take(); // chosen before this ran

list.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove-file]");
  if (!button) return;
  button.closest("[data-file]").remove();
  form.dispatchEvent(new Event("facteur:changed"));
});

const carries = (transfer) => [...(transfer?.items ?? [])].some((item) => item.kind === "file");
form.addEventListener("dragover", (event) => carries(event.dataTransfer) && event.preventDefault());
for (const name of ["drop", "paste"]) {
  form.addEventListener(name, (event) => {
    const transfer = event.dataTransfer ?? event.clipboardData;
    if (!carries(transfer)) return;
    event.preventDefault();
    input.files = transfer.files;
    take();
  });
}
