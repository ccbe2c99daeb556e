/** Messages about lints and information (BLIP90xx to BLIP93xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP90xx to BLIP93xx, in order. */
export const lintMessages: readonly AnyMessage[] = [];
