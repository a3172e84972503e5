// The offline booth: ballots wait on this device until there is network, then go in one batch, once.
import { fact, setFact } from "./outbox-store.js";
import { csrf, fresh, make, say, toast } from "./ui.js";

const MOST_SHOWN = 12;

export function booth(root) {
  for (const place of fresh(root, "[data-booth]", "onBooth")) start(place);
}

async function start(place) {
  const facts = JSON.parse(document.getElementById("booth-facts").textContent);
  const name = `booth-${facts.box}-${document.body.dataset.who || ""}`;
  const state = (await fact(name)) || { key: crypto.randomUUID(), ballots: [] };
  const parts = {
    find: place.querySelector("#booth-find"),
    found: place.querySelector("[data-booth-found]"),
    ballot: place.querySelector("[data-booth-ballot]"),
    who: place.querySelector("[data-booth-who]"),
    count: place.querySelector("[data-booth-count]"),
    send: place.querySelector("[data-booth-send]"),
  };
  const here = { facts, state, parts, chosen: null, save: () => setFact(name, state) };
  parts.find.addEventListener("input", () => show(here));
  parts.ballot.addEventListener("submit", (event) => put(event, here));
  place.querySelector("[data-booth-cancel]").addEventListener("click", () => choose(here, null));
  parts.send.addEventListener("submit", (event) => hand(event, here));
  parts.count.textContent = state.ballots.length;
  place.hidden = false;
}

const took = (here, code) => here.facts.voted.includes(code) || here.state.ballots.some(([one]) => one === code);

function show({ facts, state, parts, ...rest }) {
  const here = { facts, state, parts, ...rest };
  const words = parts.find.value.trim();
  const fits = (line) => String(line.n) === words || line.label.includes(words) || line.household.includes(words);
  const found = words ? facts.lines.filter(fits).slice(0, MOST_SHOWN) : [];
  parts.found.replaceChildren(...found.map((line) => entry(here, line)));
}

function entry(here, line) {
  const words = make("span", { class: "grow" }, `${line.n} ${line.label} `, make("span", { class: "meta" }, line.household));
  if (took(here, line.code)) return make("li", {}, words, make("span", { class: "state" }, say("已投票", "Has voted")));
  return make("li", {}, words, make("button", { type: "button", class: "btn btn-sm", click: () => choose(here, line) }, say("投票", "Vote")));
}

function choose(here, line) {
  here.chosen = line;
  const { ballot, who, find, found } = here.parts;
  ballot.reset();
  ballot.hidden = !line;
  find.value = "";
  found.replaceChildren();
  if (line) {
    who.textContent = `${line.n} ${line.label}`;
    ballot.dataset.code = line.code;
    who.focus();
  } else find.focus();
}

async function put(event, here) {
  event.preventDefault();
  const { ballot, count } = here.parts;
  const mark = new FormData(ballot).get("booth-mark");
  const code = ballot.dataset.code;
  if (!mark || !code || took(here, code)) return;
  here.state.ballots.push([code, [mark], crypto.randomUUID()]);
  await here.save();
  count.textContent = here.state.ballots.length;
  choose(here, null);
  toast({ text: say("已投入这台设备上的票箱", "The ballot is in the box on this device") });
}

async function hand(event, here) {
  event.preventDefault();
  const { send } = here.parts;
  if (!here.state.ballots.length) return toast({ text: say("还没有票", "There are no ballots yet") });
  const body = new FormData();
  body.append("key", here.state.key);
  body.append("ballots", JSON.stringify(here.state.ballots));
  const answer = await fetch(send.action, { method: "POST", body, headers: { "X-CSRFToken": csrf() }, credentials: "same-origin" }).catch(() => null);
  if (answer?.status === 409) return toast({ text: await answer.text() });
  if (!answer?.ok || new URL(answer.url).pathname.startsWith("/account/")) {
    return toast({ text: say("还没有交上：票仍在这台设备上，有网络时再交", "Not handed in: the ballots stay on this device until there is network") });
  }
  here.state.ballots = [];
  here.state.key = crypto.randomUUID();
  await here.save();
  location.reload();
}
