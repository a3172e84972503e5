// The page's side of the outbox: forms marked data-outbox (and data-offline-raise) are kept on the
// device while there is no network and sent by themselves, once, when it is back.
import { sendAll } from "./outbox-send.js";
import { all, drop, put, setFact } from "./outbox-store.js";
import { csrf, make, say, toast } from "./ui.js";

const FORMS = "form[data-outbox], form[data-offline-raise]";
const KEYS = /^(key|report_key_\d+)$/;
const able = "indexedDB" in window && "serviceWorker" in navigator;

/** Called once when a page is ready. */
export async function startOutbox() {
  if (!able) return;
  const who = document.body.dataset.who || "";
  await setFact("who", who).catch(() => {});
  await setFact("token", csrf()).catch(() => {});
  for (const form of document.querySelectorAll(FORMS)) attach(form, who);
  for (const details of document.querySelectorAll("details[data-opened-by]")) follow(details);
  for (const form of document.querySelectorAll('form[action$="/logout/"]')) form.addEventListener("submit", forgetPages);
  keepPages();
  addEventListener("online", () => sendNow());
  navigator.serviceWorker.addEventListener("message", (event) => event.data?.outbox && show());
  await show();
  if (navigator.onLine) sendNow();
}

/** A kept page must not give two reports the same key. */
function renew(form) {
  if (form.hasAttribute("data-returned") || !crypto.randomUUID) return;
  for (const field of form.elements) if (KEYS.test(field.name)) field.value = crypto.randomUUID();
}

function attach(form, who) {
  renew(form);
  form.addEventListener("submit", async (event) => {
    if (event.submitter?.name === "look" || navigator.onLine) return;
    event.preventDefault();
    if (!form.reportValidity()) return;
    await keepForm(form, who);
    form.reset();
    renew(form);
    await show();
    toast({ text: say("已存在这部手机上，有网时自动发送", "Kept on this phone; it will be sent when there is network") });
    location.assign("#outbox");
  });
}

async function keepForm(form, who) {
  const fields = [...new FormData(form)].map(([name, value]) => (value instanceof File ? [name, value, value.name] : [name, value]));
  const label = form.dataset.outbox || say("反映", "Report");
  const words = fields.find(([name]) => name === "text")?.[1] || "";
  const kept = fields.filter(([, value]) => !(value instanceof File) || value.size);
  await put({ id: crypto.randomUUID(), label: words ? `${label}：${words.slice(0, 24)}` : label, url: form.action || location.pathname, who, fields: kept, at: Date.now(), state: "waiting" });
  const worker = await navigator.serviceWorker.ready;
  await worker.sync?.register("outbox").catch(() => {});
}

async function sendNow() {
  const arrived = await sendAll(csrf()).catch(() => 0);
  if (arrived) toast({ text: say(`${arrived} 件已发送`, `${arrived} sent`) });
  await show();
}

async function show() {
  const items = await all().catch(() => []);
  for (const count of document.querySelectorAll("[data-outbox-count]")) count.textContent = items.length || "";
  const list = document.querySelector("[data-outbox-list]");
  if (list && items.length) list.replaceChildren(make("ul", { class: "board" }, ...items.map(line)));
  else if (list && list.querySelector(".board")) list.replaceChildren(make("p", { class: "quiet" }, say("都发出去了。", "Everything has been sent.")));
}

const WHY = {
  "signed-out": () => say("请登录后再发送", "Sign in to send it"),
  incomplete: () => say("有内容要补充，请打开那一页重新填写", "Something is missing; open that page and fill it in again"),
};

function line(item) {
  const state = item.state === "needs" ? WHY[item.why]?.() || "" : say("等待网络", "Waiting for network");
  const again = () => put({ ...item, state: "waiting" }).then(sendNow);
  const remove = () => confirm(say("删除后找不回来，确定吗？", "It cannot be brought back. Remove it?")) && drop(item.id).then(show);
  return make(
    "li",
    {},
    make("span", { class: "grow" }, item.label, make("br"), make("span", { class: "meta" }, `${new Date(item.at).toLocaleString()} · ${state}`)),
    make("button", { type: "button", class: "btn", click: again }, say("现在发送", "Send now")),
    make("button", { type: "button", class: "btn btn-quiet", click: remove }, say("删除", "Remove")),
  );
}

/** A finding opens when its question is answered with a problem. */
function follow(details) {
  const [name, value] = details.dataset.openedBy.split("=");
  for (const radio of document.getElementsByName(name)) {
    radio.addEventListener("change", () => {
      details.open = radio.value === value && radio.checked;
    });
  }
}

/** Ask the worker to keep this page and those that it links for work without network. */
async function keepPages() {
  const pages = [...document.querySelectorAll("a[data-keep-offline-link]")].map((a) => a.href);
  if (document.querySelector('meta[name="keep-offline"]')) pages.push(location.pathname);
  const worker = await navigator.serviceWorker.ready;
  worker.active?.postMessage({ keep: [...new Set(["/matters/new", "/matters/outbox", ...pages])] });
}

/** Pages kept for work without network go with the person who signs out; what waits to be sent stays theirs. */
function forgetPages() {
  navigator.serviceWorker.controller?.postMessage({ forget: true });
}
