// Copies the parts of the pages that others wrote from node_modules/ into server/static/vendor/, with LICENSES.txt,
// which names what is in each file and under which licence. `make` runs it where npm is; nothing else needs it.
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const modules = path.join(root, "node_modules");
const target = path.join(root, "server", "static", "vendor");

// `map` is the source map of a file that has other packages inside it: its sources say which.
const parts = [
  {
    name: "@zazuko/yasqe",
    files: { "build/yasqe.min.js": "yasqe.min.js", "build/yasqe.min.css": "yasqe.min.css" },
    map: "build/yasqe.min.js.map",
    inside: ["@zazuko/yasgui-utils"], // by a relative path in the map
  },
  { name: "cytoscape", files: { "dist/cytoscape.min.js": "cytoscape.min.js" }, inside: [] },
];

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

async function metadata(name) {
  return JSON.parse(await readFile(path.join(modules, name, "package.json"), "utf8"));
}

async function licence(name) {
  const { version, license, author, contributors = [] } = await metadata(name);
  const files = (await readdir(path.join(modules, name))).filter((file) => /^licen[cs]e(-[a-z0-9]+)?(\.\w+)?$/i.test(file));
  const head = `${name} ${version} · ${license}`;
  if (files.length > 0) {
    const texts = await Promise.all(files.map((file) => readFile(path.join(modules, name, file), "utf8")));
    return `${head}\n\n${texts.map((text) => text.trim()).join("\n\n")}`;
  }
  if (license !== "MIT") throw new Error(`${name}: no licence file, and ${license} in its metadata`);
  const people = [author, ...contributors].filter(Boolean).map((one) => (typeof one === "string" ? one : one.name));
  const said = "The package has no licence file. Its metadata say MIT and name these people; the text is that of the MIT licence.";
  return `${head}\n\n${said}\n\nCopyright (c) ${people.join(", ") || `the authors of ${name}`}\n\n${MIT}`;
}

async function bundled({ name, map, inside }) {
  if (map === undefined) return inside;
  const { sources } = JSON.parse(await readFile(path.join(modules, name, map), "utf8"));
  const found = sources.map((source) => source.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  return [...new Set([...inside, ...found])].sort();
}

const made = `${target}.new`;
await rm(made, { recursive: true, force: true });
await mkdir(made, { recursive: true });
const sections = [];
for (const part of parts) {
  for (const [from, to] of Object.entries(part.files)) await copyFile(path.join(modules, part.name, from), path.join(made, to));
  const others = await bundled(part);
  const within = others.length > 0 ? `, with ${others.join(", ")} inside` : "";
  sections.push(`${Object.values(part.files).join(", ")}: ${part.name}${within}`);
  for (const one of [part.name, ...others]) sections.push(await licence(one));
}
const intro = "The files in this folder were written by others and are copied unchanged from packages of npm.";
await writeFile(path.join(made, "LICENSES.txt"), `${[intro, ...sections].join(`\n\n${"-".repeat(80)}\n\n`)}\n`);
await rm(target, { recursive: true, force: true });
await rename(made, target);
