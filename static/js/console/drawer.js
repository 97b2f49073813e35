// The menu button is a link to #side, which opens the side by :target without script. With script,
// facteur/drawer opens it, so the address must not change.
import "facteur/drawer"; // its listener is there before the click below

for (const opener of document.querySelectorAll("a[data-drawer]")) {
  opener.addEventListener("click", (event) => event.preventDefault());
  opener.addEventListener("keydown", (event) => {
    if (event.key === " ") {
      event.preventDefault();
      opener.click();
    }
  });
  // Followed as a link before this ran: from here on the script has it, so that Escape closes it.
  if (opener.hash === location.hash) {
    location.replace("#");
    opener.click();
  }
}
