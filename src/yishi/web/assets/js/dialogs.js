// "Are you sure" and short forms in a native dialog.
//   <form data-confirm="…">, <button data-confirm="…">: asks before sending
//   <a href="/…/withdraw/" data-dialog>: shows that page's form here; without script it is a page of its own
import { make, say } from "./ui.js";

export function confirmations() {
  if (!window.HTMLDialogElement) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const words = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!words || form.dataset.confirmed) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(words, event.submitter?.dataset.confirmYes || form.dataset.confirmYes).then((yes) => {
      if (!yes) return;
      form.dataset.confirmed = "1";
      form.requestSubmit(event.submitter || undefined);
      delete form.dataset.confirmed;
    });
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-dialog]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fetchInto(link.href).catch(() => location.assign(link.href));
  });
}

/** Resolves to true when the reader says yes. */
export function ask(words, yes) {
  return new Promise((answer) => {
    const dialog = make("dialog", { "aria-labelledby": "ask-words" });
    const say_no = make("button", { type: "button", class: "btn", click: () => dialog.close() }, say("再想想", "Not now"));
    const say_yes = make("button", { type: "button", class: "btn btn-primary", click: () => dialog.close("yes") }, yes || say("确定", "Yes"));
    dialog.append(make("p", { id: "ask-words" }, words), make("div", { class: "btn-row" }, say_no, say_yes));
    dialog.addEventListener("close", () => {
      answer(dialog.returnValue === "yes");
      dialog.remove();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function fetchInto(address) {
  const page = await fetch(address, { headers: { Accept: "text/html" } });
  if (!page.ok || page.redirected) throw new Error(String(page.status));
  const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
  const body = parsed.querySelector("[data-dialog-body]");
  if (!body) throw new Error("no [data-dialog-body]");
  for (const form of body.querySelectorAll("form:not([action])")) form.action = address;
  const dialog = make("dialog", {}, document.adoptNode(body));
  const close = make("button", { type: "button", class: "btn btn-quiet", click: () => dialog.close() }, say("关闭", "Close"));
  (body.querySelector(".btn-row, .form-actions") || body).append(close);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  window.htmx?.process(dialog);
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: dialog } }));
}
