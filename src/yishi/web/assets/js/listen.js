// A text read aloud by the device's own voice: <button data-listen="#text" data-stop="Stop" hidden>.
import { fresh } from "./ui.js";

const LONGEST = 180; // some voices fall silent in the middle of a longer piece

export function listen(root) {
  for (const button of fresh(root, "[data-listen]", "onListen")) {
    if (!("speechSynthesis" in window)) continue;
    const word = button.querySelector("span");
    const start = word.textContent;
    const rest = () => (word.textContent = start);
    button.hidden = false;
    button.addEventListener("click", () => {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        return rest();
      }
      word.textContent = button.dataset.stop;
      const text = document.querySelector(button.dataset.listen);
      const language = text.closest("[lang]").lang.startsWith("en") ? "en-GB" : "zh-CN";
      const pieces = text.innerText.match(new RegExp(`[^。！？.!?\\n]{1,${LONGEST}}[。！？.!?\\n]*`, "g")) || [];
      pieces.forEach((piece, at) => speechSynthesis.speak(said(piece, language, at === pieces.length - 1 ? rest : null)));
    });
    addEventListener("pagehide", () => speechSynthesis.cancel());
  }
}

function said(piece, language, ended) {
  const words = new SpeechSynthesisUtterance(piece);
  words.lang = language;
  words.rate = 0.9;
  if (ended) words.onend = ended;
  return words;
}
