/** Sources → dist/: the command as ES modules for Node, each command's parts loaded when it needs them. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
// As one file the parser generator loads ten times faster than as its hundreds of files; so do those of every command.
const bundled = new Set(["chevrotain", "commander", "picocolors"]);

rmSync(`${root}dist`, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ["cli/main.ts"],
  outbase: ".",
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // Less to read and to compile at each start; names stay, so that a stack trace says where it was.
  minifyWhitespace: true,
  minifySyntax: true,
  // Packages in the older module format ask for parts of Node by `require`.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
  external: Object.keys(dependencies).filter((name) => !bundled.has(name)),
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});
writeFileSync(`${root}dist/THIRD-PARTY-LICENSES.txt`, licenses(Object.keys(metafile.inputs)));

/** The licenses of the packages that bundled files come from. */
function licenses(files) {
  const packages = new Set(
    files.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []),
  );
  const texts = [...packages].sort().map((name) => {
    const folder = `${root}node_modules/${name}`;
    const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = ["LICENSE", "LICENSE.txt", "LICENSE.md"].find((each) =>
      existsSync(`${folder}/${each}`),
    );
    const text =
      file === undefined ? "" : `\n${readFileSync(`${folder}/${file}`, "utf8").trim()}\n`;
    return `${name} ${version} (${license})\n${text}`;
  });
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}
