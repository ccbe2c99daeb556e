/** A process for tests: `write FOLDER WIDTH` writes checkpoints until it is killed; `lock FOLDER ROUNDS` races for locks. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readLatest, writeCheckpoint } from "../../../runtime/run-folder/checkpoints.ts";
import { openRunFolder } from "../../../runtime/run-folder/run-folder.ts";
import { exampleCheckpoint, isWhole } from "./example-checkpoint.ts";

const [mode, folder = "", count = "0"] = process.argv.slice(2);

if (mode === "write") {
  const width = Number(count);
  const run = openRunFolder(folder);
  const { checkpoint, refused } = readLatest(folder);
  if (refused.length > 0 || (checkpoint !== undefined && !isWhole(checkpoint, width)))
    process.exit(3);
  checkpoint?.file.close();
  let step = checkpoint?.step ?? 0;
  // Orphaned, it ends by itself.
  for (const parent = process.ppid; process.ppid === parent; ) {
    step += 1;
    writeCheckpoint(run, exampleCheckpoint(step, width), { keep: 2, isBest: step % 7 === 0 });
    if (step === (checkpoint?.step ?? 0) + 1) process.stdout.write("first\n");
  }
}

if (mode === "lock") {
  const wins: number[] = [];
  for (let round = 0; round < Number(count); round += 1) {
    const path = join(folder, String(round));
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, `ready-${process.pid}`), "");
    while (!existsSync(join(path, "go"))) {
      // Both processes start on the same file.
    }
    try {
      openRunFolder(path);
      wins.push(round);
    } catch {
      // The other process has it.
    }
  }
  process.stdout.write(JSON.stringify(wins));
  // Hold the locks until told to end.
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}
