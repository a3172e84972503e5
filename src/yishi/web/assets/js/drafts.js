// What was typed is kept on this device until it has been sent: <form data-draft-key="raise">.
// Never kept: passwords, files, hidden fields, and anything marked data-private or named like a personal number.
import { fresh, make, say } from "./ui.js";

const PREFIX = "draft:";
const SENT = "draft-sent";
const PRIVATE = /passw|phone|mobile|identity|id_?(no|num|card)|card|code|token|otp/i;
const store = available();

export function drafts(root) {
  if (!store) return;
  forgetWhatWasSent();
  for (const form of fresh(root, "form[data-draft-key]", "onDraft")) keep(form);
  for (const form of fresh(root, 'form[action$="/logout/"]', "onForget")) form.addEventListener("submit", forgetAll);
}

function available() {
  try {
    localStorage.setItem("draft-test", "1");
    localStorage.removeItem("draft-test");
    return localStorage;
  } catch {
    return null;
  }
}

/** A form that went out and did not come back has arrived; its draft goes. */
function forgetWhatWasSent() {
  const sent = store.getItem(SENT);
  if (!sent || document.querySelector("[data-offline]")) return;
  store.removeItem(SENT);
  if (!document.querySelector(`form[data-draft-key="${CSS.escape(sent)}"]`)) store.removeItem(PREFIX + sent);
}

function forgetAll() {
  for (const key of Object.keys(store)) if (key.startsWith(PREFIX)) store.removeItem(key);
}

const kept = (form) =>
  [...form.elements].filter(
    (field) => field.name && !["password", "file", "hidden", "submit", "button"].includes(field.type) && field.dataset.private == null && !PRIVATE.test(field.name),
  );

function keep(form) {
  const key = PREFIX + form.dataset.draftKey;
  const saved = JSON.parse(store.getItem(key) || "null");
  const returned = form.querySelector(".is-invalid, .field-wrong, .error-summary");
  if (saved && !returned && restore(form, saved)) tell(form, key);
  let timer;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => save(form, key), 300);
  });
  form.addEventListener("submit", () => {
    save(form, key);
    store.setItem(SENT, form.dataset.draftKey);
  });
}

function save(form, key) {
  const values = {};
  for (const field of kept(form)) {
    if (field.type === "checkbox" || field.type === "radio") values[`${field.name}=${field.value}`] = field.checked;
    else if (field.value) values[field.name] = field.value;
  }
  store.setItem(key, JSON.stringify(values));
}

function restore(form, saved) {
  let changed = false;
  for (const field of kept(form)) {
    if (field.type === "checkbox" || field.type === "radio") {
      const was = saved[`${field.name}=${field.value}`];
      if (was != null && was !== field.checked) field.checked = was;
    } else if (saved[field.name] && !field.value) {
      field.value = saved[field.name];
      changed = true;
    }
  }
  return changed;
}

function tell(form, key) {
  const clear = () => {
    store.removeItem(key);
    form.reset();
    line.remove();
  };
  const line = make(
    "p",
    { class: "kept", role: "status" },
    say("上次没写完的内容已经放回来了。", "What you had not finished is back."),
    make("button", { type: "button", class: "btn btn-quiet btn-sm", click: clear }, say("清空重写", "Start afresh")),
  );
  form.prepend(line);
}
