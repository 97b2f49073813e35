// A control that takes effect at once: changing it sends its form. Without script a button does.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});
