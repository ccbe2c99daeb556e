/** The catalogue: every message the tools can give, in order of code. */
import type { AnyMessage } from "../message.ts";
import { deviceMessages } from "./device.ts";
import { expressionMessages } from "./expressions.ts";
import { freezingMessages } from "./freezing.ts";
import { lintMessages } from "./lints.ts";
import { nameMessages } from "./names.ts";
import { objectiveMessages } from "./objectives.ts";
import { stageMessages } from "./stages.ts";
import { syntaxMessages } from "./syntax.ts";
import { textMessages } from "./text.ts";
import { typeMessages } from "./types.ts";

/** Every entry, in order of code. */
export const messages: readonly AnyMessage[] = [
  ...textMessages,
  ...syntaxMessages,
  ...nameMessages,
  ...typeMessages,
  ...freezingMessages,
  ...objectiveMessages,
  ...expressionMessages,
  ...stageMessages,
  ...deviceMessages,
  ...lintMessages,
];

/** The entry of a code, in any case and with or without the `BLIP` in front; undefined if none. */
export function findMessage(code: string): AnyMessage | undefined {
  const wanted = `BLIP${code.toUpperCase().replace(/^BLIP/, "")}`;
  return messages.find((message) => message.code === wanted);
}
