/** Messages about frozen parts and gradients (BLIP30xx to BLIP33xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP30xx to BLIP33xx, in order. */
export const freezingMessages: readonly AnyMessage[] = [];
