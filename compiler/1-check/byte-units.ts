/** Units of memory, as the language writes them. */

/** Bytes of each: `24 GiB`. */
export const byteUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
