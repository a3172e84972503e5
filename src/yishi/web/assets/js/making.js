// What is made on demand takes a while: the buttons wait and say so until the file begins to come.
import { cookie, fresh, make, say } from "./ui.js";

const LONGEST = 180_000;

export function making(root) {
  for (const form of fresh(root, "form[data-making]", "onMaking")) {
    const token = make("input", { type: "hidden", name: "made" });
    const line = make("p", { class: "hint", role: "status" });
    form.append(token, line);
    form.addEventListener("submit", () => {
      token.value = Math.random().toString(36).slice(2);
      setTimeout(() => wait(form, token.value, line)); // after the form was read, with the button that was pressed
    });
    addEventListener("pageshow", () => rest(form, line));
  }
}

function wait(form, token, line) {
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  line.replaceChildren(
    make("span", { class: "spinner-border spinner-border-sm", "aria-hidden": "true" }),
    say(" 正在制作，好了会自动下载……", " Being made; the download begins by itself …"),
  );
  line.scrollIntoView({ block: "nearest" });
  const begun = Date.now();
  const timer = setInterval(() => {
    if (cookie("made") !== token && Date.now() - begun < LONGEST) return;
    clearInterval(timer);
    rest(form, line);
  }, 300);
}

function rest(form, line) {
  for (const button of form.querySelectorAll("button")) button.disabled = false;
  line.replaceChildren();
}
