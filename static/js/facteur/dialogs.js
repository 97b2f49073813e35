// <button data-opens="some-dialog"> opens <dialog id="some-dialog">; [data-closes] inside closes it,
// and so does a click beside it. The first [autofocus] is the harmless button.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog) {
      event.preventDefault();
      opener.closest("[popover]")?.hidePopover();
      dialog.showModal();
    }
    return;
  }
  if (event.target.closest("[data-closes]")) {
    event.preventDefault();
    event.target.closest("dialog")?.close();
  } else if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside =
      event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// A page that comes back with a form's errors opens the dialog of that form again.
document.querySelectorAll("dialog[data-open-now]").forEach((dialog) => {
  dialog.close();
  dialog.showModal();
});
