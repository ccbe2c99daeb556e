/** src/extension.ts → dist/extension.js: the client as one file, without node_modules beside it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { writeGrammar } from "./generate-grammar.mjs";

const folder = fileURLToPath(new URL("..", import.meta.url));

writeGrammar();
mkdirSync(`${folder}dist`, { recursive: true });
const { metafile } = await build({
  absWorkingDir: folder,
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  format: "cjs",
  platform: "node",
  target: "node18",
  external: ["vscode"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
writeFileSync(`${folder}dist/THIRD-PARTY-LICENSES.txt`, licenses(Object.keys(metafile.inputs)));

/** The licenses of the packages that bundled files come from. */
function licenses(files) {
  const packages = new Set(
    files.flatMap((file) => /^(node_modules\/.*node_modules\/|node_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(file)?.slice(1, 3).join("") ?? []),
  );
  const texts = [...packages].sort().map((place) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}${place}/package.json`, "utf8"));
    const file = ["LICENSE", "LICENSE.txt", "LICENSE.md", "License.txt"].find((each) =>
      existsSync(`${folder}${place}/${each}`),
    );
    const text = file === undefined ? "" : `\n${readFileSync(`${folder}${place}/${file}`, "utf8").trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}
