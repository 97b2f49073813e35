// After an invalid form came back, the focus stands on the banner that says so.
document.querySelector("[data-focus-first]")?.focus();
