// A letter's HTML stands in a sandboxed frame without scripts; from outside its height is read, so that
// the pane scrolls and not the frame.
function fit(frame) {
  const page = frame.contentDocument;
  if (!page?.body) return;
  const set = () => {
    frame.style.blockSize = "0";
    frame.style.blockSize = `${page.documentElement.scrollHeight}px`;
  };
  set();
  page.querySelectorAll("img").forEach((image) => image.addEventListener("load", set));
  new ResizeObserver(set).observe(frame.parentElement);
}

const ready = (frame) => {
  if (frame.dataset.fitted) return;
  frame.dataset.fitted = "1";
  frame.addEventListener("load", () => fit(frame));
  if (frame.contentDocument?.readyState === "complete") fit(frame);
};

const look = () => document.querySelectorAll("iframe[data-fit]").forEach(ready);
look();
document.addEventListener("htmx:afterSettle", look);
