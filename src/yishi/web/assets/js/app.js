// Everything the pages do beyond plain HTML. Each behaviour hangs on a data attribute
// and only adds to what works without it. docs/design-system.md lists them.
import htmx from "htmx.org";
import { booth } from "./booth.js";
import { confirmations } from "./dialogs.js";
import { drafts } from "./drafts.js";
import { keys } from "./keys.js";
import { listen } from "./listen.js";
import { making } from "./making.js";
import { startOutbox } from "./outbox.js";
import { photos } from "./photos.js";
import { place } from "./place.js";
import { small } from "./small.js";
import { csrf, say, toast } from "./ui.js";
import { voice } from "./voice.js";

window.htmx = htmx;
document.documentElement.dataset.js = "";

function enliven(root) {
  for (const behaviour of [small, making, photos, voice, place, drafts, listen, booth]) behaviour(root);
}

document.addEventListener("DOMContentLoaded", () => {
  confirmations();
  keys();
  enliven(document);
  startOutbox();
});
document.addEventListener("htmx:load", (event) => enliven(event.detail.elt));
document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = csrf();
});
for (const [fault, zh, en] of [
  ["htmx:responseError", "没有办成。请刷新页面，看看现在怎样", "That was not done. Reload the page to see how things stand"],
  ["htmx:sendError", "没有网络，还没有送出。有网络时再按一次", "No network: nothing was sent. Press again when there is"],
]) {
  document.addEventListener(fault, ({ detail }) => {
    if (detail.elt.matches("form")) toast({ text: say(zh, en) }); // what a page asks for by itself fails silently
  });
}
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.elt.matches("form")) document.getElementById("toasts")?.replaceChildren(); // what was said of the last try
});
document.addEventListener("toast", (event) => toast(event.detail));

if ("serviceWorker" in navigator) {
  addEventListener("load", () => navigator.serviceWorker.register("/sw.js").catch(() => {}));
}
