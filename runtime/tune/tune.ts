/** Kinds of products and some time → the tiles that are faster than the default on a device. */
import { emit } from "../../compiler/6-emit/emit.ts";
import { productTiles } from "../../compiler/6-emit/matmul.ts";
import { operandKinds, productKind } from "../../compiler/6-emit/product-kind.ts";
import type { ProductTile, ProductTiles } from "../../compiler/program.ts";
import type { Device } from "../device/open-device.ts";
import { loneProduct, type ProductWork, shortened } from "./product-work.ts";
import { type Race, race } from "./race.ts";

/** How the tiles of a kind of products were measured. */
export interface MeasuredProduct extends Race {
  readonly work: ProductWork;
  /** Undefined where none is surely faster than the default. */
  readonly tile: ProductTile | undefined;
}

/** What was found. */
export interface TuningResult {
  /** In the order of the works. */
  readonly measured: readonly MeasuredProduct[];
  /** Works that are too light to count, or for which no time was left, or that cannot stand alone. */
  readonly left: readonly ProductWork[];
  readonly tiles: ProductTiles;
}

export interface TuneOptions {
  readonly milliseconds: number;
  readonly onProduct: (work: ProductWork, index: number, count: number) => void;
  /** Milliseconds of a clock. */
  readonly now: () => number;
}

/** Share of all operations whose kinds are measured. */
const counted = 0.98;

/** Operations of one product to be measured: some ten milliseconds on two cores, and less on any hardware. */
const mostOperations = { cpu: 4e8, gpu: 2e11 };

/**
 * Measures kind after kind, the heaviest first, each to its end, until the time is up.
 * @throws `DeviceLost`, `OutOfMemory`
 */
export async function tune(
  device: Device,
  works: readonly ProductWork[],
  { milliseconds, onProduct, now }: TuneOptions,
): Promise<TuningResult> {
  const end = now() + milliseconds;
  const heavy = heaviest(works);
  const measured: MeasuredProduct[] = [];
  const left: ProductWork[] = works.slice(heavy.length);
  for (const [index, work] of heavy.entries()) {
    const contest = now() < end ? contestOf(work, device) : undefined;
    if (contest === undefined) {
      left.push(work);
      continue;
    }
    onProduct(work, index, heavy.length);
    const { tiles, programs } = contest;
    const found = await race(device, programs, end, now);
    const tile = found.winner === 0 ? undefined : tiles[found.winner];
    measured.push({ ...found, work, tile });
  }
  const winners = measured.flatMap(({ work: { kind }, tile }): [string, ProductTile][] =>
    tile === undefined ? [] : [[kind, tile]],
  );
  return { measured, left, tiles: Object.fromEntries(winners) };
}

/** The first of the works that are nearly all of their operations. */
function heaviest(works: readonly ProductWork[]): readonly ProductWork[] {
  const total = works.reduce((sum, { operations }) => sum + operations, 0);
  let sum = 0;
  return works.filter(({ operations }) => {
    const isNeeded = sum < counted * total;
    sum += operations;
    return isNeeded;
  });
}

/** A program for each tile, the default first; undefined for operands that cannot be laid out so by themselves. */
function contestOf(work: ProductWork, { target }: Device) {
  const short = shortened(work, mostOperations[target.deviceClass]);
  const { plan, kernel } = loneProduct(short, target);
  if (!work.kind.startsWith(`${operandKinds(kernel)} `)) return undefined;
  const kind = productKind(kernel);
  const tiles = productTiles(kernel, target);
  const programs = tiles.map((tile) =>
    emit({ ...plan, target: { ...target, tiles: { [kind]: tile } } }),
  );
  return { tiles, programs };
}
