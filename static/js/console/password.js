// Shows the buttons beside a password (they are hidden without script) and makes a password.
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // no two letters that look alike
const LENGTH = 16; // 16 letters out of 57: 93 bits

function make() {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH * 8));
  const fair = 256 - (256 % ALPHABET.length); // no letter is likelier than another
  const letters = [...bytes].filter((byte) => byte < fair).map((byte) => ALPHABET[byte % ALPHABET.length]);
  return letters.slice(0, LENGTH).join("");
}

for (const button of document.querySelectorAll("[data-reveals], [data-makes]")) button.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-makes]");
  if (!button) return;
  const field = document.getElementById(button.dataset.makes);
  field.value = make();
  field.type = "text";
  document.querySelector(`[data-reveals="${field.id}"]`)?.setAttribute("aria-pressed", "true");
  field.focus();
  field.select();
});
