// Show a password, and make one. The buttons are hidden until this script is here.
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // nothing that looks like something else
const LENGTH = 16; // 16 of 57 letters: 93 bits

function reveal(button, shown) {
  document.getElementById(button.dataset.reveal).type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

function make() {
  const bytes = new Uint8Array(LENGTH * 8);
  crypto.getRandomValues(bytes);
  const limit = 256 - (256 % ALPHABET.length); // no letter is likelier than another
  return Array.from(bytes).filter((byte) => byte < limit).slice(0, LENGTH).map((byte) => ALPHABET[byte % ALPHABET.length]).join("");
}

for (const button of document.querySelectorAll("[data-reveal]")) {
  button.hidden = false;
  button.addEventListener("click", () => reveal(button, button.getAttribute("aria-pressed") !== "true"));
}

for (const button of document.querySelectorAll("[data-make-password]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const input = document.getElementById(button.dataset.makePassword);
    input.value = make();
    const eye = document.querySelector(`[data-reveal="${input.id}"]`);
    if (eye) reveal(eye, true);
    input.focus();
    input.select();
  });
}
