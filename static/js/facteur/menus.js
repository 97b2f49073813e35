// Menus are native popovers (popovertarget). This places them at their button and adds the arrow
// keys, Home, End and first letters inside them.
const GAP = 6;

function place(menu) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  if (!button) return;
  const at = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const left = Math.min(Math.max(GAP, at.right - size.width), innerWidth - size.width - GAP);
  const below = at.bottom + GAP;
  const fits = below + size.height <= innerHeight - GAP;
  menu.style.margin = "0";
  menu.style.left = `${left}px`;
  menu.style.top = `${fits ? below : Math.max(GAP, at.top - size.height - GAP)}px`;
}

const items = (menu) => [...menu.querySelectorAll(".menu-item:not(:disabled)")].filter((item) => item.offsetParent);

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!menu.matches?.(".menu[popover]")) return;
    const isOpen = event.newState === "open";
    document.querySelector(`[popovertarget="${menu.id}"]`)?.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    place(menu);
    items(menu)[0]?.focus();
  },
  true,
);

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  let next;
  if (event.key === "ArrowDown") next = all[(here + 1) % all.length];
  else if (event.key === "ArrowUp") next = all[(here - 1 + all.length) % all.length];
  else if (event.key === "Home") next = all[0];
  else if (event.key === "End") next = all.at(-1);
  else if (event.key.length === 1 && /\p{L}/u.test(event.key)) {
    const starts = (item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase());
    next = all.slice(here + 1).find(starts) ?? all.find(starts);
  } else return;
  event.preventDefault();
  event.stopPropagation();
  next?.focus();
});
