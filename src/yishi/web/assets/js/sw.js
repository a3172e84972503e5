// The service worker. Served at /sw.js with a first line that sets self.YISHI
// = {version, shell: [addresses], offline: "/offline", static: "/static/"}.
import { KEPT, installOutbox } from "./outbox-worker.js";

const { version, shell, offline, static: assets } = self.YISHI;
const SHELL = `shell-${version}`;
const PAGES = "pages";
const MOST_PAGES = 40;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", (event) => {
  event.waitUntil(fillShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("shell-") && name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, address));
  else if (address.pathname.startsWith(assets)) event.respondWith(asset(request, address));
});

installOutbox(self);

async function fillShell() {
  const cache = await caches.open(SHELL);
  await Promise.all([...shell, offline].map((one) => cache.add(new Request(one, { cache: "reload" })).catch(() => {})));
}

/** Network first. Only a page that was made for nobody in particular is kept. */
async function page(request, address) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && isPublic(address)) keep(request, answer.clone());
    return answer;
  } catch {
    const kept = await caches.open(KEPT);
    return (await kept.match(request, { ignoreSearch: true, ignoreVary: true })) || (await caches.match(request)) || (await caches.match(offline)) || Response.error();
  }
}

const isPublic = (address) => !/^\/(account|people|inbox|files|api)\//.test(address.pathname);

async function keep(request, answer) {
  const text = await answer.clone().text();
  if (/<body[^>]* data-signed-in/.test(text) || /no-store|private/.test(answer.headers.get("Cache-Control") || "")) return;
  const cache = await caches.open(PAGES);
  await cache.put(request, answer);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await cache.delete(old);
}

/** Files with a hash in their name never change; others come fresh where there is network. */
async function asset(request, address) {
  const known = await caches.match(request);
  if (known && HASHED.test(address.pathname)) return known;
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(SHELL)).put(request, answer.clone());
    return answer;
  } catch {
    return known || Response.error();
  }
}
