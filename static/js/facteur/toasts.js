// A toast stays 6 seconds, not counting the time it is hovered or focused; one at a time.
const STAYS = 6000;
const box = document.getElementById("toasts");

function start(toast) {
  let left = STAYS;
  let since = performance.now();
  let timer = setTimeout(() => toast.remove(), left);
  const hold = () => {
    clearTimeout(timer);
    left -= performance.now() - since;
  };
  const go = () => {
    since = performance.now();
    clearTimeout(timer);
    timer = setTimeout(() => toast.remove(), Math.max(left, 1500));
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", go);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", go);
}

function tidy() {
  const toasts = [...box.querySelectorAll("[data-toast]")];
  toasts.slice(0, -1).forEach((toast) => toast.remove());
  const last = toasts.at(-1);
  if (last && !last.dataset.started) {
    last.dataset.started = "1";
    start(last);
  }
}

if (box) {
  new MutationObserver(tidy).observe(box, { childList: true });
  tidy();
  box.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]").remove();
  });
}

// Says something that the page itself found out ("The server did not answer").
export function say(text) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.dataset.toast = "";
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  box?.append(toast);
}
