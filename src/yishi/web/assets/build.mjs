// Builds src/yishi/web/static/built from assets/, node_modules and what the templates use.
// Called by tools/build_assets.py; `--watch` rebuilds whenever a template, stylesheet or script changes.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import { markPng, markSvg, markSymbol } from "./mark.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const source = path.resolve(here, "../..");
const root = path.resolve(source, "../..");
const modules = path.join(root, "node_modules");
const out = path.join(here, "../static/built");
const targets = ["chrome80", "safari13.1", "firefox80"];

function* walk(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!["static", "__pycache__", "locale", "engines"].includes(entry.name)) yield* walk(full);
    } else yield full;
  }
}

const files = () => [...walk(source)];
const read = (file) => fs.readFileSync(file, "utf8");
const isTemplate = (file) => file.endsWith(".html");
const isScript = (file) => file.includes(`${path.sep}assets${path.sep}js${path.sep}`);
const isWidgetCode = (file) => /(forms|widgets|graphics|yishi|adapter)\.py$/.test(file);

async function css(all) {
  const tabler = read(path.join(modules, "@tabler/core/dist/css/tabler.css")).replace(/@charset[^;]+;|\/\*#.*?\*\//g, "");
  const content = all.filter((f) => isTemplate(f) || isScript(f) || isWidgetCode(f));
  const [purged] = await new PurgeCSS().purge({
    content: content.map((f) => ({ raw: read(f), extension: "html" })),
    css: [{ raw: tabler }],
    defaultExtractor: (text) => text.match(/[\w-/:]+(?<!:)/g) || [],
    safelist: { standard: ["is-invalid", "active", "show"] },
    blocklist: ["icon", "chart", "empty", "legend", "map"], // our own names
    variables: true,
    keyframes: true,
    fontFace: true,
  });
  const own = ["tokens", "base", "shell", "components", "forms", "tables", "graphics", "pages", "matters", "notices", "votes", "print"];
  const sheets = own.map((name) => withSystemDark(read(path.join(here, "css", `${name}.css`))));
  await minified([purged.css, ...sheets].join("\n"), "app.css");
  const leaflet = read(path.join(modules, "leaflet/dist/leaflet.css")).replace(/[^{}]*\{[^{}]*url\((?!["']?#)[^{}]*\}/g, "");
  await minified([leaflet, read(path.join(here, "css/map.css"))].join("\n"), "map.css");
}

/** Each [data-theme="dark"] rule, for the screen only, and again for devices that ask for dark. */
function withSystemDark(text) {
  const chosen = ':root[data-theme="dark"]';
  return text.replace(/^:root\[data-theme="dark"\][^{]*\{[^}]*\}/gm, (rule) => {
    const asked = rule.replaceAll(chosen, ':root:not([data-theme="light"]):not([data-theme="dark"])');
    return `@media screen { ${rule} }\n@media screen and (prefers-color-scheme: dark) { ${asked} }`;
  });
}

async function minified(text, name) {
  const { code } = await esbuild.transform(text, { loader: "css", minify: true, target: targets, legalComments: "none" });
  fs.writeFileSync(path.join(out, name), code);
}

/** Characters in the order of their strokes, by the rules of Unicode's own collation, for ballots that list names. */
function strokeOrder() {
  const order = new Intl.Collator("zh-u-co-stroke");
  const all = Array.from({ length: 0x9fff - 0x4e00 + 1 }, (_, i) => String.fromCodePoint(0x4e00 + i));
  fs.writeFileSync(path.join(out, "stroke-order.txt"), all.sort(order.compare).join(""));
}

async function scripts() {
  const common = { bundle: true, minify: true, legalComments: "none", nodePaths: [modules], logLevel: "warning", target: "es2020" };
  await esbuild.build({
    ...common,
    format: "esm",
    entryPoints: { app: path.join(here, "js/app.js"), map: path.join(here, "js/map.js") },
    outdir: out,
  });
  await esbuild.build({ ...common, format: "iife", entryPoints: { sw: path.join(here, "js/sw.js") }, outdir: out });
}

/** Icon names in templates and Python: {% icon "name" %}, icon="name", "icon": "name", and icons.txt. */
function usedIcons(all) {
  const found = new Map();
  const patterns = [/\{%\s*icon\s+["']([a-z0-9-]+)["']/g, /\bicon(?:_name)?["']?\s*[=:]\s*["']([a-z0-9-]+)["']/g, /MenuEntry\(\s*"[^"]*",\s*_\("[^"]*"\),\s*"[^"]*",\s*"([a-z0-9-]+)"/g];
  for (const file of all.filter((f) => isTemplate(f) || f.endsWith(".py") || isScript(f))) {
    const text = read(file);
    for (const pattern of patterns) for (const hit of text.matchAll(pattern)) found.set(hit[1], file);
  }
  for (const line of read(path.join(here, "icons.txt")).split("\n")) {
    const name = line.split("#")[0].trim();
    if (name) found.set(name, "icons.txt");
  }
  return found;
}

function sprite(all) {
  const symbols = [];
  for (const [name, file] of [...usedIcons(all)].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const svg = path.join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
    if (!fs.existsSync(svg)) {
      console.error(`icon "${name}" in ${path.relative(root, file)} is not a Tabler outline icon (tabler.io/icons); left out`);
      continue;
    }
    const inner = read(svg).replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "").trim();
    symbols.push(
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`,
    );
  }
  fs.writeFileSync(path.join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">${markSymbol}${symbols.join("")}</svg>\n`);
}

function marks() {
  fs.writeFileSync(path.join(out, "mark.svg"), markSvg);
  for (const size of [32, 180, 192, 512]) {
    const file = path.join(out, `mark-${size}.png`);
    if (!fs.existsSync(file)) fs.writeFileSync(file, markPng(size));
  }
  const maskable = path.join(out, "mark-maskable.png");
  if (!fs.existsSync(maskable)) fs.writeFileSync(maskable, markPng(512, true));
}

async function build() {
  const started = Date.now();
  fs.mkdirSync(out, { recursive: true });
  const all = files();
  await css(all);
  await scripts();
  strokeOrder();
  sprite(all);
  marks();
  console.log(`assets built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

async function watch() {
  let timer;
  const again = (_, name) => {
    if (!name || name.includes("static") || !/\.(html|css|js|mjs|py|txt)$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => build().catch((error) => console.error(String(error))), 120);
  };
  fs.watch(source, { recursive: true }, again);
  console.log("watching templates, stylesheets and scripts");
}

await build();
if (process.argv.includes("--watch")) await watch();
