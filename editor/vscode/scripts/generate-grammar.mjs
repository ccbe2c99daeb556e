/** grammar/tokens.ts and the kinds of blocks → syntaxes/blip.tmLanguage.json. */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const folder = fileURLToPath(new URL("..", import.meta.url));

/** The grammar as text; made by the function that the tests of the repository call too. */
export function writeGrammar() {
  const { outputFiles } = buildSync({
    absWorkingDir: fileURLToPath(new URL("../../..", import.meta.url)),
    entryPoints: ["compiler/language-service/text-mate-grammar.ts"],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    logLevel: "warning",
  });
  const module = { exports: {} };
  new Function("module", "exports", "require", outputFiles[0].text)(module, module.exports, () => ({}));
  writeFileSync(`${folder}syntaxes/blip.tmLanguage.json`, module.exports.textMateGrammarText());
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeGrammar();
