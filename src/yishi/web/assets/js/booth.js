// The offline booth: ballots wait on this device, by parts while the vote runs, sealed before it closes, until the
// server names the batch that it took. Kept: {key, booth, ballots, part, seal, told, done}; a part on its way never changes.
import { fact, setFact } from "./outbox-store.js";
import { codeOf, deviceOf, grouped } from "./seal.js";
import { csrf, fresh, make, say, toast } from "./ui.js";

const MOST_SHOWN = 12;
const NOBODY = () => ({ key: crypto.randomUUID(), booth: "", ballots: [], part: null, seal: null, told: false, done: "" });

export function booth(root) {
  for (const place of fresh(root, "[data-booth]", "onBooth")) start(place);
}

async function start(place) {
  const facts = JSON.parse(document.getElementById("booth-facts").textContent);
  const name = `booth-${facts.box}`;
  const here = { place, facts, state: (await fact(name)) || NOBODY(), chosen: null };
  here.find = (what) => place.querySelector(`[data-booth-${what}]`);
  here.save = () => setFact(name, here.state);
  here.device = await deviceOf(here.state.key);
  here.known = facts.booths.find((one) => one.device === here.device);
  if (here.known) here.state.booth = here.known.label;
  if (here.known?.code) here.state.told = here.known.code === here.state.seal?.code;
  await here.save();
  listen(here);
  draw(here);
  place.hidden = false;
  if (here.state.seal && !here.state.told && running(here)) await tell(here);
}

function listen(here) {
  const { find } = here;
  document.getElementById("booth-find").addEventListener("input", () => show(here));
  find("ballot").addEventListener("submit", (event) => put(event, here));
  find("cancel").addEventListener("click", () => choose(here, null));
  for (const form of here.place.querySelectorAll("[data-booth-send]")) form.addEventListener("submit", (event) => hand(event, here));
  find("seal").addEventListener("submit", (event) => seal(event, here));
  const register = find("register");
  register.elements.device.value = here.device;
  register.addEventListener("submit", () => navigator.storage?.persist?.());
}

const running = ({ facts }) => facts.open && (!facts.until || Date.now() < Date.parse(facts.until));
const held = ({ state }) => state.ballots.length + (state.part?.ballots.length || 0);

function draw(here) {
  const { state, find, known } = here;
  const sealed = Boolean(state.seal);
  const shut = !sealed && (!running(here) || Boolean(known?.code));
  find("register").hidden = Boolean(state.booth) || !running(here);
  find("none").hidden = Boolean(state.booth) || running(here) || Boolean(state.done);
  find("done").hidden = Boolean(state.booth) || !state.done;
  find("done-label").textContent = state.done;
  find("collect").hidden = !state.booth || sealed || shut;
  find("over").hidden = !state.booth || !shut;
  find("sealed").hidden = !sealed;
  find("count").textContent = held(here);
  find("label").textContent = state.booth;
  if (!sealed) return;
  find("sealed-label").textContent = state.booth;
  find("sealed-count").textContent = state.seal.count;
  find("code").replaceChildren(...grouped(state.seal.code).split(" ").map((part) => make("span", {}, part)));
  find("told").hidden = !state.told;
  find("untold").hidden = state.told;
}

/** What the server answered, until the next act. */
function answerWith(here, text) {
  const place = here.find("said");
  place.querySelector("p").textContent = text;
  place.hidden = !text;
}

const took = ({ facts, state }, code) =>
  facts.voted.includes(code) || [...state.ballots, ...(state.part?.ballots || [])].some(([one]) => one === code);

function show(here) {
  const words = document.getElementById("booth-find").value.trim();
  const fits = (line) => String(line.n) === words || line.label.includes(words) || line.household.includes(words);
  const found = words ? here.facts.lines.filter(fits).slice(0, MOST_SHOWN) : [];
  here.find("found").replaceChildren(...found.map((line) => entry(here, line)));
}

function entry(here, line) {
  const words = make("span", { class: "grow" }, `${line.n} ${line.label} `, make("span", { class: "meta" }, line.household));
  if (took(here, line.code)) return make("li", {}, words, make("span", { class: "state" }, say("已投票", "Has voted")));
  return make("li", {}, words, make("button", { type: "button", class: "btn btn-sm", click: () => choose(here, line) }, say("投票", "Vote")));
}

function choose(here, line) {
  const ballot = here.find("ballot");
  const search = document.getElementById("booth-find");
  ballot.reset();
  ballot.hidden = !line;
  search.value = "";
  here.find("found").replaceChildren();
  if (!line) return search.focus();
  here.find("who").textContent = `${line.n} ${line.label}`;
  ballot.dataset.code = line.code;
  here.find("who").focus();
}

async function put(event, here) {
  event.preventDefault();
  const ballot = here.find("ballot");
  const mark = new FormData(ballot).get("booth-mark");
  const code = ballot.dataset.code;
  if (!mark || !code || took(here, code) || here.state.seal) return;
  here.state.ballots.push([code, [mark], crypto.randomUUID()]);
  await here.save();
  draw(here);
  choose(here, null);
  if (!running(here)) return answerWith(here, say("投票已经截止：没有封箱的票不再收。", "The vote is over: ballots that are not sealed are not taken."));
  toast({ text: say("已投入这台设备上的票箱", "The ballot is in the box on this device") });
}

/** Fix what the device holds. A part that is not confirmed goes first: it may be in the box already. */
async function seal(event, here) {
  event.preventDefault();
  const { state } = here;
  if (state.part && !(await send(here, state.part))) state.ballots = [...state.part.ballots, ...state.ballots];
  state.part = null;
  const batch = { key: crypto.randomUUID(), ballots: state.ballots };
  state.seal = { ...batch, count: batch.ballots.length, code: await codeOf(here.device, batch) };
  state.ballots = [];
  state.told = false;
  await here.save();
  draw(here);
  await tell(here);
  here.find("code").focus();
}

/** Record the seal where there is network; without it the code is read out to the desk. */
async function tell(here) {
  const { seal: sealed } = here.state;
  const answer = await post(here.find("seal").action, { device: here.device, count: sealed.count, code: sealed.code });
  if (answer?.status === 409) return answerWith(here, await answer.text());
  here.state.told = (await json(answer))?.sealed === sealed.code;
  await here.save();
  draw(here);
}

async function hand(event, here) {
  event.preventDefault();
  const { state } = here;
  if (state.seal) {
    if (state.seal.count ? !(await send(here, state.seal)) : !state.told) return;
    here.state = { ...NOBODY(), done: state.booth };
  } else {
    if (!held(here)) return toast({ text: say("还没有票", "There are no ballots yet") });
    if (!state.part) Object.assign(state, { part: { key: crypto.randomUUID(), ballots: state.ballots }, ballots: [] });
    await here.save();
    if (!(await send(here, state.part))) return;
    state.part = null;
  }
  await here.save();
  location.reload();
}

/** Whether the server named this batch as taken; nothing else lets a ballot off the device. */
async function send(here, batch) {
  const answer = await post(here.find("send").action, { device: here.state.key, key: batch.key, ballots: JSON.stringify(batch.ballots) });
  if ((await json(answer))?.key === batch.key) return true;
  const refused = answer?.status === 409 ? await answer.text() : "";
  answerWith(here, refused || say("还没有交上：票仍在这台设备上，有网络、登录后再交。", "Not handed in: the ballots stay on this device until there is network and you are signed in."));
  return false;
}

function post(address, fields) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return fetch(address, { method: "POST", body, headers: { "X-CSRFToken": csrf() }, credentials: "same-origin" }).catch(() => null);
}

async function json(answer) {
  if (!answer?.ok || !/json/.test(answer.headers.get("Content-Type") || "")) return null;
  return answer.json().catch(() => null);
}
