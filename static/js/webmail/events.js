// New mail appears by itself: the server says that something changed, the page asks for its list again.
const url = document.body.dataset.events;
const WAIT = 300; // milliseconds: several changes are one refresh

if (url && "EventSource" in window) {
  let timer = 0;
  const refresh = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const body = document.getElementById("list-body");
      htmx.trigger(document.body, body ? "facteur:changed" : "facteur:folders");
    }, WAIT);
  };
  let stream;
  const open = () => {
    stream = new EventSource(url);
    stream.addEventListener("change", refresh);
  };
  open();
  // A page in the back/forward cache hears nothing: it catches up when it is shown again.
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      open();
      refresh();
    }
  });
}
