// Print, theme, copy, menus, filters that send themselves, counters, focus on the error summary.
import { fresh, say, toast } from "./ui.js";

export function small(root) {
  for (const button of fresh(root, "[data-print]", "onPrint")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const link of fresh(root, "[data-theme-toggle]", "onTheme")) link.addEventListener("click", toggleTheme);
  for (const button of fresh(root, "[data-copy]", "onCopy")) {
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", () => copy(button.dataset.copy || location.href));
  }
  for (const form of fresh(root, "form[data-auto-submit]", "onAuto")) {
    form.addEventListener("change", (event) => {
      if (!event.target.matches("[type=search],[type=text]")) form.requestSubmit ? form.requestSubmit() : form.submit();
    });
  }
  for (const field of fresh(root, "[data-count]", "onCount")) countdown(field);
  for (const box of fresh(root, "[data-check-all]", "onAll")) {
    box.addEventListener("change", () => {
      for (const one of document.querySelectorAll(box.dataset.checkAll)) one.checked = box.checked;
    });
  }
  root.querySelector("[data-focus]")?.focus();
}

function toggleTheme(event) {
  event.preventDefault();
  const html = document.documentElement;
  const dark = html.dataset.theme ? html.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  html.dataset.theme = dark ? "light" : "dark";
  document.cookie = `theme=${html.dataset.theme};path=/;max-age=31536000;samesite=lax`;
}

async function copy(text) {
  await navigator.clipboard.writeText(text);
  toast({ text: say("已复制", "Copied") });
}

function countdown(field) {
  const most = Number(field.dataset.count);
  const line = document.createElement("p");
  line.className = "counter";
  const show = () => {
    const left = most - field.value.length;
    line.textContent =
      left >= 0 ? say(`还可以写 ${left} 字`, `${left} characters left`) : say(`多了 ${-left} 字`, `${-left} characters too many`);
  };
  field.addEventListener("input", show);
  field.after(line);
  show();
}

// A menu closes on Escape and on a press outside it.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});
