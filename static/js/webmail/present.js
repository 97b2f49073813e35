// A letter may take longer than a session: is the writer still signed in? The form then gets the token
// of the session that there is now; otherwise the page says so, and no word is lost.
import { say } from "facteur/toasts";

const form = document.getElementById("writing");
const warning = form.querySelector("[data-signed-out]");

export async function present() {
  let who = {};
  try {
    const answer = await fetch(form.dataset.present, { headers: { Accept: "application/json" } });
    if (answer.ok) who = await answer.json();
  } catch {
    say(form.dataset.wordsLost);
    return false;
  }
  const here = who.address === form.dataset.address;
  warning.hidden = here;
  if (here) form.elements.csrfmiddlewaretoken.value = who.token;
  return here;
}
