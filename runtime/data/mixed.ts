/** Several data sets, each with its share → one, from which an epoch draws by these shares. */
import { readFile, stat } from "node:fs/promises";
import type { DataRecord, Dataset, PictureFiles } from "./dataset.ts";
import { epochOrder, type OrderSettings } from "./order.ts";

/** A data set and its share beside the others'; without one each counts as many as it has records. */
export interface MixedPart {
  readonly dataset: Dataset;
  readonly weight: number | undefined;
}

/**
 * An epoch has as many records as all parts together, divided by the weights to within one record. A part that is asked for
 * more than it has begins again, in a new order; one that is asked for less goes on in the next epoch where it stopped. So
 * each record of a part is seen as often as every other one, and the record at a position follows from seed, epoch and
 * position alone. Not shuffled, the parts follow one another.
 */
export function mixedDataset(parts: readonly MixedPart[]): Dataset {
  const lengths = parts.map(({ dataset }) => dataset.length);
  const length = lengths.reduce((all, each) => all + each, 0);
  const counts = sharesOf(
    length,
    parts.map(({ weight }, index) => weight ?? lengths[index]!),
  );
  const ends = runningSums(counts);
  const recordEnds = runningSums(lengths);
  const partOf = (position: number, of: readonly number[]) => of.findIndex((end) => position < end);
  const pictureNumbers = runningSums(parts.map(({ dataset }) => pictureCount(dataset)));

  const record = (index: number): DataRecord => {
    const part = index < 0 ? -1 : partOf(index, recordEnds);
    if (part < 0) throw new RangeError(`there is no record ${index}; the data set has ${length}`);
    const found = parts[part]!.dataset.record(index - startOf(part, recordEnds));
    return {
      ...found,
      id: index,
      imageId: `${part}/${found.imageId}`,
      imageNumber: startOf(part, pictureNumbers) + found.imageNumber,
    };
  };

  const order = (settings: OrderSettings): ((position: number) => number) => {
    const { epoch, seed, shuffle } = settings;
    const places = epochOrder({ ...settings, length, group: 1 });
    // The own orders of a part, by its own epochs: few of them are touched in one epoch.
    const orders = new Map<string, (position: number) => number>();
    const own = (part: number, round: number) => {
      const key = `${part} ${round}`;
      const ownSettings = { length: lengths[part]!, seed: seed + part, epoch: round, shuffle };
      const known = orders.get(key) ?? epochOrder(ownSettings);
      orders.set(key, known);
      return known;
    };
    return (position) => {
      const place = places(position);
      const part = partOf(place, ends);
      const drawn = epoch * counts[part]! + place - startOf(part, ends);
      const round = Math.floor(drawn / lengths[part]!);
      return startOf(part, recordEnds) + own(part, round)(drawn % lengths[part]!);
    };
  };

  return { length, record, order, ...picturesOf(parts) };
}

/** `length` divided by weights: whole numbers that sum up to it, the largest remainders rounded up. */
export function sharesOf(length: number, weights: readonly number[]): readonly number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (length * weight) / all);
  const floors = exact.map(Math.floor);
  const left = length - floors.reduce((sum, each) => sum + each, 0);
  const byRemainder = exact
    .map((each, index) => ({ index, remainder: each - floors[index]! }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index);
  const raised = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return floors.map((each, index) => each + (raised.has(index) ? 1 : 0));
}

function runningSums(counts: readonly number[]): readonly number[] {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum;
  });
}

function startOf(part: number, ends: readonly number[]): number {
  return part === 0 ? 0 : ends[part - 1]!;
}

function pictureCount({ length, record }: Dataset): number {
  let most = -1;
  for (let index = 0; index < length; index += 1) {
    most = Math.max(most, record(index).imageNumber);
  }
  return most + 1;
}

/** Pictures in archives are had through the part that holds them, all others as files. */
function picturesOf(parts: readonly MixedPart[]): { readonly pictures?: PictureFiles } {
  const archives = parts.flatMap(({ dataset }) => dataset.pictures ?? []);
  if (archives.length === 0) return {};
  const found = async <T>(
    inside: (archive: PictureFiles) => Promise<T>,
    asFile: () => Promise<T>,
  ): Promise<T> => {
    for (const archive of archives) {
      try {
        return await inside(archive);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
    return asFile();
  };
  return {
    pictures: {
      stat: (file) =>
        found(
          (archive) => archive.stat(file),
          () => stat(file),
        ),
      read: (file) =>
        found<Uint8Array>(
          (archive) => archive.read(file),
          () => readFile(file),
        ),
    },
  };
}
