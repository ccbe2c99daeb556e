/** The folder → blip-vscode-VERSION.vsix, without a network: everything that is needed is in dist. */
import { copyFileSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createVSIX } from "@vscode/vsce";

const folder = fileURLToPath(new URL("..", import.meta.url));
copyFileSync(`${folder}../../LICENSE`, `${folder}LICENSE`);
const { name, version } = JSON.parse(readFileSync(`${folder}package.json`, "utf8"));
const packagePath = `${folder}${name}-${version}.vsix`;
await createVSIX({ cwd: folder, packagePath, dependencies: false, allowMissingRepository: true });
console.log(`${name}-${version}.vsix, ${Math.ceil(statSync(packagePath).size / 1024)} KiB`);
