// To, Cc and Bcc: the field keeps its commas for the server; the eye sees a chip for each address.
const chipTemplate = document.querySelector("[data-chip-template]");
const alertTemplate = document.querySelector("[data-alert-template]");

// Splits like webmail.recipients.split: not inside quotes or brackets.
function split(value) {
  return (value.match(/(?:"[^"]*"|<[^>]*>|[^,;\n"<])+/g) ?? []).map((part) => part.trim()).filter(Boolean);
}

const nameOf = (typed) => typed.match(/^"?([^"<]*?)"?\s*<.+>$/)?.[1] || typed.replace(/^<|>$/g, "");

function initials(name) {
  const words = name.split("@")[0].match(/[\p{L}\p{N}]+/gu) ?? ["?"];
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

function enhance(field) {
  const box = field.closest(".chips");
  const bad = new Set(box.dataset.bad.split("\n").filter(Boolean));
  const typed = field.cloneNode();
  typed.removeAttribute("name");
  typed.removeAttribute("autofocus");
  const hadFocus = document.activeElement === field;
  typed.value = "";
  typed.dataset.typed = "";
  field.removeAttribute("id");
  field.type = "hidden";
  box.append(typed);
  let all = split(field.value);

  const keep = () => {
    field.value = [...all, typed.value.trim()].filter(Boolean).join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const draw = () => {
    box.querySelectorAll(".chip").forEach((chip) => chip.remove());
    all.forEach((one, index) => {
      const chip = chipTemplate.content.cloneNode(true).firstElementChild;
      const name = nameOf(one);
      chip.title = one;
      chip.querySelector(".chip-text").textContent = name;
      const avatar = chip.querySelector(".avatar");
      if (bad.has(one)) {
        chip.classList.add("chip-bad");
        avatar.replaceWith(alertTemplate.content.cloneNode(true));
      } else avatar.textContent = initials(name);
      const remove = chip.querySelector("button");
      remove.setAttribute("aria-label", `${box.dataset.wordsRemove} ${name}`);
      remove.addEventListener("click", () => take(index));
      typed.before(chip);
    });
  };
  const take = (index) => {
    all.splice(index, 1);
    draw();
    keep();
    typed.focus();
  };
  const commit = () => {
    all.push(...split(typed.value));
    typed.value = "";
    draw();
    keep();
  };
  typed.addEventListener("input", () => (/[,;\n]\s*$/.test(typed.value) ? commit() : keep()));
  typed.addEventListener("blur", () => typed.value.trim() && commit());
  typed.addEventListener("paste", () => setTimeout(() => /[,;\n]/.test(typed.value) && commit()));
  typed.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      if (typed.value.trim()) commit();
    } else if (event.key === "Backspace" && !typed.value && all.length) {
      const chosen = box.querySelector(".chip-chosen");
      if (chosen) take(all.length - 1);
      else box.querySelector(".chip:last-of-type")?.classList.add("chip-chosen");
    } else box.querySelector(".chip-chosen")?.classList.remove("chip-chosen");
  });
  box.addEventListener("click", (event) => event.target === box && typed.focus());
  draw();
  if (hadFocus) typed.focus();
}

document.querySelectorAll("[data-chips]").forEach(enhance);
