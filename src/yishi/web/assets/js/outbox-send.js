// Sending what waits, one after the other, once: the server knows each item by its key,
// so an answer that was lost on the way does no harm when the item is sent again.
import { all, drop, fact, put } from "./outbox-store.js";

/** Send everything of the person who is signed in now. Gives how many arrived. */
export async function sendAll(token) {
  const send = () => sendEach(token);
  return self.navigator.locks ? self.navigator.locks.request("yishi-outbox", send) : send();
}

async function sendEach(token) {
  const who = (await fact("who")) || "";
  let arrived = 0;
  for (const item of await all()) {
    if (item.state === "needs" || item.who !== who) continue;
    const outcome = await sendOne(item, token || (await fact("token")) || "");
    if (outcome === "offline") break;
    if (outcome === "arrived") {
      await drop(item.id);
      arrived += 1;
    } else await put({ ...item, state: "needs", why: outcome });
  }
  return arrived;
}

async function sendOne(item, token) {
  const body = new FormData();
  for (const [name, value, fileName] of item.fields) {
    if (name === "csrfmiddlewaretoken") continue;
    if (fileName) body.append(name, value, fileName);
    else body.append(name, value);
  }
  try {
    const answer = await fetch(item.url, { method: "POST", body, headers: { "X-CSRFToken": token }, credentials: "same-origin" });
    if (answer.ok && answer.redirected && !new URL(answer.url).pathname.startsWith("/account/")) return "arrived";
    if (answer.status >= 500 || answer.status === 429) return "offline";
    return answer.status === 403 || answer.redirected ? "signed-out" : "incomplete";
  } catch {
    return "offline";
  }
}
