// A part of the page that is asked for again every second, and swapped only when it has changed.
// <div data-live-part="URL">; the answer is the same partial that the page includes.
const EVERY = 1000;

for (const part of document.querySelectorAll("[data-live-part]")) {
  const sign = document.querySelector("[data-live-sign]");
  let last = null;
  let busy = false;

  const swap = (text) => {
    const focused = part.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    part.innerHTML = text;
    if (focused) part.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };

  const tell = (good) => {
    if (!sign) return;
    sign.hidden = false;
    sign.classList.toggle("state-wait", !good);
    sign.textContent = good ? sign.dataset.live : sign.dataset.lost;
  };

  const ask = async () => {
    if (busy || document.hidden) return;
    busy = true;
    try {
      const answer = await fetch(part.dataset.livePart, { headers: { "X-Requested-With": "fetch" }, redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const text = await answer.text();
      // Every answer has its own CSRF token; only what else differs is a change.
      const seen = text.replaceAll(/name="csrfmiddlewaretoken" value="[^"]*"/g, "");
      if (seen !== last) swap(text);
      last = seen;
      tell(true);
    } catch {
      tell(false);
    } finally {
      busy = false;
    }
  };

  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
