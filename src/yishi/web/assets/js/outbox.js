// The page's side of the outbox: forms marked data-outbox are kept on the device
// while there is no network. The worker's side is outbox-worker.js.

/** Called once when a page is ready. */
export function startOutbox() {}
