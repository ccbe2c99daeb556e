/** The folder → blip-vscode-VERSION.vsix, without a network: everything that is needed is in dist. */
import { copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";

const folder = fileURLToPath(new URL("..", import.meta.url));
copyFileSync(`${folder}../../LICENSE`, `${folder}LICENSE`);
const { name, version } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
const packagePath = `${folder}${name}-${version}.vsix`;
// The pictures lie outside of the folder and stay there.
const readme = readFileSync(`${folder}README.md`, "utf8").replace(/^!\[.*\]\(.*\)\n+/gm, "");
writeFileSync(`${folder}dist/README.md`, readme.replace(/^\(Kate .*\)\n+/m, ""));
await createVSIX({
  cwd: folder,
  packagePath,
  readmePath: "dist/README.md",
  dependencies: false,
  allowMissingRepository: true,
});
console.log(`${name}-${version}.vsix, ${Math.ceil(statSync(packagePath).size / 1024)} KiB`);
