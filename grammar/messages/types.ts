/** Messages about types, shapes and units (BLIP20xx to BLIP23xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP20xx to BLIP23xx, in order. */
export const typeMessages: readonly AnyMessage[] = [];
