/** A person at a terminal → template and folder of a new project. */
import { cancel, select, text } from "@clack/prompts";
import { exitCodes } from "./exit-code.ts";
import { Quit } from "./faults.ts";
import { type TemplateName, templateNames, templateTexts } from "./templates.ts";

/** Asks for what was not said. Throws `Quit` with the code of a refusal when the person leaves. */
export async function askForProject(
  dir: string | undefined,
): Promise<{ readonly template: TemplateName; readonly folder: string }> {
  const template = answered<TemplateName>(
    await select<TemplateName>({
      message: "What do you want to train?",
      options: templateNames.map((value) => ({ value, label: value, hint: templateTexts[value] })),
    }),
  );
  if (dir !== undefined) return { template, folder: dir };
  const folder = answered(
    await text({ message: "In which folder?", placeholder: ".", defaultValue: "." }),
  );
  return { template, folder };
}

function answered<T extends string>(answer: T | symbol): T {
  if (typeof answer !== "symbol") return answer;
  cancel("nothing was written");
  throw new Quit(exitCodes.refused);
}
