// The service worker's side of the outbox, called once when sw.js starts.
// It may listen for "sync" and "message" on the worker.

export function installOutbox(worker) {
  return worker;
}
