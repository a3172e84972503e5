// Lists by keyboard: <ul data-keys> or <table data-keys>.
//   j k next and previous · enter opens · e the row's [data-key-edit] · x its box · / search · ? help
import { say, toast } from "./ui.js";

const ITEMS = "[data-key-item], :scope > li, :scope > tbody > tr";

export function keys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    const list = document.querySelector("[data-keys]");
    if (event.key === "/") return search(event);
    if (!list) return;
    const items = [...list.querySelectorAll(ITEMS)];
    const at = items.findIndex((item) => item.classList.contains("is-current"));
    const here = items[at];
    const act = {
      j: () => move(items, at, Math.min(at + 1, items.length - 1)),
      k: () => move(items, at, Math.max(at - 1, 0)),
      Enter: () => event.target === document.body || event.target === here ? here?.querySelector("a[href]")?.click() : undefined,
      e: () => here?.querySelector("[data-key-edit]")?.click(),
      x: () => here?.querySelector("input[type=checkbox]")?.click(),
      "?": () => toast({ text: say("j 下一条 · k 上一条 · 回车 打开 · e 处理 · x 选中 · / 搜索", "j next · k previous · enter open · e act · x pick · / search") }),
    }[event.key];
    if (!act) return;
    if (event.key !== "Enter") event.preventDefault();
    act();
  });
}

function search(event) {
  const field = document.querySelector("[data-key-search], input[type=search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function move(items, from, to) {
  if (!items[to]) return;
  items[from]?.classList.remove("is-current");
  items[to].classList.add("is-current");
  items[to].tabIndex = -1;
  items[to].focus({ preventScroll: true });
  items[to].scrollIntoView({ block: "nearest" });
}
