/** ONNX Resize: along each axis one product with a matrix of weights, made while building. */
import type { Node } from "../../../../compiler/ir/node.ts";
import type { Call } from "../call.ts";
import { axisOf, moved, upTo } from "./helpers.ts";

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly start: number;
  readonly end: number;
}

export function resize(call: Call): Node[] {
  const { b } = call;
  let x = call.input(0);
  const mode = call.text("coordinate_transformation_mode", "half_pixel");
  const outside: { axis: number; places: readonly boolean[] }[] = [];
  for (const [axis, sizes] of axes(call)) {
    if (sizes.from === sizes.to && sizes.scale === 1 && mode !== "tf_crop_and_resize") continue;
    const rows = upTo(sizes.to).map((place) => weights(call, mode, sizes, place));
    outside.push({ axis, places: rows.map((row) => row === undefined) });
    const data = rows.flatMap((row) => row ?? new Array<number>(sizes.from).fill(0));
    const { x: last, back } = moved(b, x, axis, "back");
    x = back(b.matmul(last, b.swap(b.constant(data, [sizes.to, sizes.from]))));
  }
  for (const { axis, places } of outside) {
    if (!places.includes(true)) continue;
    const shape = x.type.shape.map((_, i) => (i === axis ? places.length : 1));
    const flags = b.constant(places.map(Number), shape, "i32");
    x = b.select(b.less(0, flags), b.constant(call.float("extrapolation_value", 0)), x);
  }
  return [x];
}

/** The axes that are resized, with their sizes. */
function axes(call: Call): [number, Axis][] {
  const shape = call.shape(0);
  const named = call.integers("axes")?.map((axis) => axisOf(axis, shape.length));
  const list = named ?? upTo(shape.length);
  const roi = call.numbers(1) ?? [];
  const scales = filled(call.numbers(2));
  const sizes = filled(call.numbers(3));
  const ratios = sizes?.map((size, i) => size / shape[list[i]!]!);
  const policy = call.text("keep_aspect_ratio_policy", "stretch");
  const common =
    ratios === undefined || policy === "stretch"
      ? undefined
      : policy === "not_larger"
        ? Math.min(...ratios)
        : Math.max(...ratios);
  return list.map((axis, i) => {
    const from = shape[axis]!;
    const scale = common ?? ratios?.[i] ?? scales![i]!;
    const to =
      common !== undefined
        ? Math.floor(common * from + 0.5)
        : (sizes?.[i] ?? Math.floor(scale * from));
    return [axis, { from, to, scale, start: roi[i] ?? 0, end: roi[i + list.length] ?? 1 }];
  });
}

const filled = (list: readonly number[] | undefined): readonly number[] | undefined =>
  list === undefined || list.length === 0 ? undefined : list;

/** Weights of the inputs for output `place`; undefined where the picture has nothing. */
function weights(call: Call, mode: string, axis: Axis, place: number): number[] | undefined {
  const at = origin(mode, axis, place);
  if (mode === "tf_crop_and_resize" && (at < 0 || at > axis.from - 1)) return undefined;
  // The pixel on the left is preferred, so the ratio is in (0, 1].
  const ratio = Number.isInteger(at) ? 1 : at - Math.floor(at);
  const share = coefficients(call, ratio, axis.scale);
  const first = Math.ceil(at) - share.length / 2;
  const isOutside = (i: number) => first + i < 0 || first + i >= axis.from;
  const kept =
    call.integer("exclude_outside", 0) === 1
      ? normalized(share.map((value, i) => (isOutside(i) ? 0 : value)))
      : share;
  const row = new Array<number>(axis.from).fill(0);
  kept.forEach((value, i) => {
    row[Math.min(Math.max(first + i, 0), axis.from - 1)]! += value;
  });
  return row;
}

/** Where output `place` lies among the inputs. */
function origin(mode: string, { from, to, scale, start, end }: Axis, place: number): number {
  const size = scale * from;
  const half = (place + 0.5) / scale - 0.5;
  switch (mode) {
    case "align_corners":
      return size === 1 ? 0 : (place * (from - 1)) / (size - 1);
    case "asymmetric":
      return place / scale;
    case "tf_crop_and_resize":
      return size === 1
        ? ((start + end) * (from - 1)) / 2
        : start * (from - 1) + (place * (end - start) * (from - 1)) / (size - 1);
    case "pytorch_half_pixel":
      return size === 1 ? -0.5 : half;
    case "half_pixel_symmetric":
      return (from / 2) * (1 - to / size) + half;
    default:
      return half;
  }
}

const normalized = (list: readonly number[]): number[] => {
  const sum = list.reduce((total, value) => total + value, 0);
  return list.map((value) => value / sum);
};

/** Shares of the neighbors, of which half lie left of the place. */
function coefficients(call: Call, ratio: number, scale: number): number[] {
  const mode = call.text("mode", "nearest");
  if (mode === "nearest") return nearest(call.text("nearest_mode", "round_prefer_floor"), ratio);
  const a = call.float("cubic_coeff_a", -0.75);
  const shape = mode === "linear" ? tent : (x: number) => cubic(x, a);
  const reach = mode === "linear" ? 1 : 2;
  const narrow = call.integer("antialias", 0) === 1 ? Math.min(scale, 1) : 1;
  const start = Math.floor(-reach / narrow) + 1;
  const share = upTo(2 - 2 * start).map((i) => shape(Math.abs((start + i - ratio) * narrow)));
  return narrow === 1 ? share : normalized(share);
}

function nearest(mode: string, ratio: number): number[] {
  const isRight =
    ratio === 1 ||
    mode === "ceil" ||
    (mode === "round_prefer_floor" && ratio > 0.5) ||
    (mode === "round_prefer_ceil" && ratio >= 0.5);
  return isRight ? [0, 1] : [1, 0];
}

const tent = (x: number): number => Math.max(0, 1 - x);

/** Keys' kernel. */
function cubic(x: number, a: number): number {
  if (x <= 1) return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
  return x < 2 ? a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a : 0;
}
