// The service worker's side of the outbox: sends when the network is back, even with no page open,
// and keeps the pages that are needed without network until their person signs out.
import { sendAll } from "./outbox-send.js";
import { all } from "./outbox-store.js";

export const KEPT = "kept";

export function installOutbox(worker) {
  worker.addEventListener("sync", (event) => {
    if (event.tag === "outbox") event.waitUntil(send(worker));
  });
  worker.addEventListener("message", (event) => {
    if (event.data?.keep) event.waitUntil(keepPages(event.data.keep));
    if (event.data?.forget) event.waitUntil(caches.delete(KEPT));
  });
  return worker;
}

async function send(worker) {
  await sendAll("");
  for (const page of await worker.clients.matchAll()) page.postMessage({ outbox: true });
  if ((await all()).some((item) => item.state === "waiting")) throw new Error("not yet");
}

async function keepPages(addresses) {
  const cache = await caches.open(KEPT);
  for (const address of addresses) {
    const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(address, answer);
  }
}
