// Keys of the console: "/" to the search field, Ctrl+S saves the form in hand.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("[data-search]");
    if (search) { event.preventDefault(); search.focus(); }
  }
  if (event.key === "s" && (event.ctrlKey || event.metaKey)) {
    const form = document.querySelector("form[data-save]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
  }
});
