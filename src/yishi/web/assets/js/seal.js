// The seal of an offline booth, reckoned without network exactly as decisions/voting/sealing.py reckons it.
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const OF_DIGEST = 24;
const LENGTH = 26;

async function sha256(text) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function base32(bytes, length) {
  let bits = 0;
  let held = 0;
  let out = "";
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5 && out.length < length) {
      bits -= 5;
      out += LETTERS[(held >> bits) & 31];
    }
  }
  return out;
}

/** What the server knows of this device's key. */
export const deviceOf = async (key) => hex(await sha256(key));

/** The check code of a batch: {key, ballots: [[code, [marks], key], …]}. */
export async function codeOf(device, { key, ballots }) {
  const rows = ballots.map(([code, marks, one]) => `${one} ${code} ${marks.join(",")}`).sort();
  const head = base32(await sha256(["yishi booth", device, key, ...rows].join("\n")), OF_DIGEST);
  return head + base32(await sha256(`${device} ${ballots.length} ${head}`), LENGTH - OF_DIGEST);
}

/** In groups of four that can be read aloud. */
export const grouped = (code) => code.match(/.{1,4}/g)?.join(" ") || "";
