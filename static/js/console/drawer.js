// The menu button is a link to #side, which opens the side by :target without script. With script,
// facteur/drawer opens it, so the address must not change.
for (const opener of document.querySelectorAll("a[data-drawer]")) {
  opener.addEventListener("click", (event) => event.preventDefault());
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      opener.click();
    }
  });
  // Followed as a link before this ran: the side is open by :target, and Escape closes it all the same.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opener.hash === location.hash) location.replace("#");
  });
}
