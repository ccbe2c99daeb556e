/** Messages about the device (BLIP60xx to BLIP62xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP60xx to BLIP62xx, in order. */
export const deviceMessages: readonly AnyMessage[] = [];
