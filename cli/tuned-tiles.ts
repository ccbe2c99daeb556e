/** The user's cache → tiles of products for whichever adapter is opened. */
import type { DeviceOptions } from "../runtime/device/open-device.ts";
import type { Cli } from "./cli.ts";
import { userCacheFolder } from "./user-cache.ts";

/**
 * What to open a device with, so that what `blipc tune` measured counts; nothing unless it is wanted. `tell` hears of a file
 * that does not count.
 */
export async function tunedTiles(
  cli: Cli,
  isWanted: boolean,
  tell: (text: string) => void = (text) => cli.terminal.remark(text),
): Promise<Pick<DeviceOptions, "tilesFor">> {
  if (!isWanted) return {};
  const { readTuning } = await import("../runtime/tune/tuning-file.ts");
  return {
    tilesFor: (adapter) => {
      const { tuning, fault } = readTuning(userCacheFolder(), adapter, cli.version);
      if (fault !== undefined) tell(`${fault}; it is left out, \`blipc tune\` measures anew`);
      return tuning?.tiles;
    },
  };
}
