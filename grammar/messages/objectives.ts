/** Messages about objectives, data and schedule (BLIP40xx to BLIP42xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP40xx to BLIP42xx, in order. */
export const objectiveMessages: readonly AnyMessage[] = [];
