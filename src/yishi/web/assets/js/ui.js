// Small tools shared by the behaviours.

/** The words of the page's language. */
export const say = (zh, en) => (document.documentElement.lang === "en" ? en : zh);

/** An element with attributes and children; text is never parsed as HTML. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Every element below (and including) root that matches, each only once per mark. */
export function fresh(root, selector, mark) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches && root.matches(selector)) found.unshift(root);
  return found.filter((element) => {
    if (element.dataset[mark]) return false;
    element.dataset[mark] = "1";
    return true;
  });
}

export const cookie = (name) =>
  document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) || "";

/** The token of this session's forms: from any form on the page, else from the cookie. */
export const csrf = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value || cookie("csrftoken");

/** A line at the foot of the page: {text, undo: "address to POST to", label, seconds}. */
export function toast({ text, undo, label, seconds = 8 }) {
  const line = make("div", { class: "toast-line" }, make("span", {}, text));
  if (undo) line.append(make("button", { type: "button", click: () => takeBack(undo) }, label || say("撤回", "Undo")));
  document.getElementById("toasts")?.append(line);
  setTimeout(() => line.remove(), seconds * 1000);
}

async function takeBack(address) {
  const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": csrf() } }).catch(() => null);
  if (answer?.ok) location.reload();
  else toast({ text: say("没能撤回，请刷新后再试", "That could not be undone. Reload the page and try again.") });
}
