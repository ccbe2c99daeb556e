/** Messages about names, backbones, settings and imports (BLIP10xx to BLIP13xx). */
import type { AnyMessage } from "../message.ts";

/** Codes BLIP10xx to BLIP13xx, in order. */
export const nameMessages: readonly AnyMessage[] = [];
