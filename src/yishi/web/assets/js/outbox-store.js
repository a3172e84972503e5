// What waits on this device to be sent, in IndexedDB; used by the page and by the service worker.
// An item: {id, label, url, who, fields: [[name, value or Blob, file name]], at, state: waiting|needs, why}.
const NAME = "yishi-outbox";
const ITEMS = "items";
const FACTS = "facts";

function open() {
  return new Promise((done, fail) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore(ITEMS, { keyPath: "id" });
      asked.result.createObjectStore(FACTS);
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
}

async function within(store, mode, act) {
  const base = await open();
  try {
    return await new Promise((done, fail) => {
      const deal = base.transaction(store, mode);
      const asked = act(deal.objectStore(store));
      deal.oncomplete = () => done(asked?.result);
      deal.onerror = deal.onabort = () => fail(deal.error);
    });
  } finally {
    base.close();
  }
}

export const all = async () => (await within(ITEMS, "readonly", (s) => s.getAll())).sort((a, b) => a.at - b.at);
export const put = (item) => within(ITEMS, "readwrite", (s) => s.put(item));
export const drop = (id) => within(ITEMS, "readwrite", (s) => s.delete(id));
export const fact = (key) => within(FACTS, "readonly", (s) => s.get(key));
export const setFact = (key, value) => within(FACTS, "readwrite", (s) => s.put(value, key));
