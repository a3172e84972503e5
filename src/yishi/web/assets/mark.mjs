// The mark of Yishi: the character 议 in seven strokes, carved into a vermilion seal.
// One set of strokes gives the SVG, the icon-sprite symbol and every PNG.
import zlib from "node:zlib";

export const SEAL = [179, 48, 29];
const PAPER = [255, 253, 248];
const WIDTH = 7.4;

// Strokes on a 100 × 100 field: [points of a quadratic curve or a line]
const STROKES = [
  [[24, 27], [30, 31], [33, 36]],
  [[19, 46], [33, 46]],
  [[33, 46], [33, 76]],
  [[33, 76], [40, 70]],
  [[58, 22], [62, 26], [64, 31]],
  [[80, 33], [73, 62], [44, 78]],
  [[48, 36], [58, 66], [82, 78]],
];

const path = (points) =>
  points.length === 2
    ? `M${points[0]}L${points[1]}`
    : `M${points[0]}Q${points[1]} ${points[2]}`;
const strokes = STROKES.map(path).join("");
const carved = `<path d="${strokes}" fill="none" stroke="#fffdf8" stroke-width="${WIDTH}" stroke-linecap="round" stroke-linejoin="round"/>`;
const ground = `<rect x="3" y="3" width="94" height="94" rx="17" fill="#b3301d"/>`;

export const markSymbol = `<symbol id="mark" viewBox="0 0 100 100">${ground}${carved}</symbol>`;
export const markSvg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">${ground}${carved}</svg>\n`;

const segments = STROKES.flatMap((points) => {
  const at = (t) =>
    points.length === 2
      ? [0, 1].map((k) => points[0][k] + t * (points[1][k] - points[0][k]))
      : [0, 1].map((k) => (1 - t) ** 2 * points[0][k] + 2 * t * (1 - t) * points[1][k] + t * t * points[2][k]);
  const steps = points.length === 2 ? 1 : 12;
  return Array.from({ length: steps }, (_, i) => [at(i / steps), at((i + 1) / steps)]);
});

function toStrokes(x, y) {
  let best = Infinity;
  for (const [[ax, ay], [bx, by]] of segments) {
    const dx = bx - ax, dy = by - ay;
    const t = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    best = Math.min(best, Math.hypot(x - ax - t * dx, y - ay - t * dy));
  }
  return best - WIDTH / 2;
}

function toGround(x, y) {
  const radius = 17, half = 47;
  const qx = Math.abs(x - 50) - half + radius, qy = Math.abs(y - 50) - half + radius;
  return Math.hypot(Math.max(qx, 0), Math.max(qy, 0)) + Math.min(Math.max(qx, qy), 0) - radius;
}

/** A PNG of the mark; maskable fills the whole square and keeps the character in the safe zone. */
export function markPng(size, maskable = false) {
  const rows = Buffer.alloc(size * (1 + size * 4));
  const scale = (maskable ? 128 : 100) / size;
  const shift = maskable ? -14 : 0;
  const cover = (distance) => Math.max(0, Math.min(1, 0.5 - distance / scale));
  for (let py = 0; py < size; py++) {
    for (let px = 0; px < size; px++) {
      const x = (px + 0.5) * scale + shift, y = (py + 0.5) * scale + shift;
      const ink = cover(toStrokes(x, y));
      const at = py * (1 + size * 4) + 1 + px * 4;
      for (let k = 0; k < 3; k++) rows[at + k] = Math.round(SEAL[k] + ink * (PAPER[k] - SEAL[k]));
      rows[at + 3] = maskable ? 255 : Math.round(255 * cover(toGround(x, y)));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const body = [chunk("IHDR", header), chunk("IDAT", zlib.deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([signature, ...body]);
}

function chunk(type, data) {
  const whole = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const framed = Buffer.alloc(whole.length + 8);
  framed.writeUInt32BE(data.length, 0);
  whole.copy(framed, 4);
  framed.writeUInt32BE(crc(whole), whole.length + 4);
  return framed;
}

function crc(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let k = 0; k < 8; k++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}
