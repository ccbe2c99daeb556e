/** Messages about stages, checkpoints and the lock file (BLIP50xx to BLIP52xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP50xx to BLIP52xx, in order. */
export const stageMessages: readonly AnyMessage[] = [];
