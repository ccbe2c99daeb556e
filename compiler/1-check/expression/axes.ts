/** Named axes: do they fit, what do they make together, how are they written. */
import type { Axis, AxisSize, NamedShape } from "./term.ts";

/** A number without axes. */
export const scalar: NamedShape = { axes: [], elements: "number" };

/** True when every run gives both the same extent. */
export function sameSize(x: AxisSize, y: AxisSize): boolean {
  if (typeof x === "object" && typeof y === "object") return x.tokensOf === y.tokensOf;
  return x === y;
}

/** `64`, `B`, `14 tokens of caption`. */
export function sizeText(size: AxisSize): string {
  if (size === "batch") return "B";
  return typeof size === "number" ? String(size) : `${size.most} tokens of ${size.tokensOf}`;
}

/** `[batch B, queries 8, width 64]`; a scalar is `[]`. */
export function shapeText({ axes, elements }: NamedShape): string {
  const list = axes.map(({ name, size }) => {
    const extent = typeof size === "object" ? String(size.most) : sizeText(size);
    return `${name} ${extent}`;
  });
  return `${elements === "index" ? "i32" : "f32"}[${list.join(", ")}]`;
}

/** `batch and texts`. */
export function namesText(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2
    ? (quoted[0] ?? "none")
    : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

export function axisOf({ axes }: NamedShape, name: string): Axis | undefined {
  return axes.find((axis) => axis.name === name);
}

/** Axes of both, those of the first in front; the first pair of one name with two sizes when there is one. */
export function joinedAxes(
  x: NamedShape,
  y: NamedShape,
): { readonly axes: readonly Axis[]; readonly conflict: readonly [Axis, Axis] | undefined } {
  const conflicts = x.axes.flatMap((axis) => {
    const other = axisOf(y, axis.name);
    return other !== undefined && !sameSize(axis.size, other.size) ? [[axis, other] as const] : [];
  });
  const rest = y.axes.filter(({ name }) => axisOf(x, name) === undefined);
  return { axes: [...x.axes, ...rest], conflict: conflicts[0] };
}

/** The shape without some axes. */
export function without(shape: NamedShape, names: readonly string[]): NamedShape {
  return { elements: "number", axes: shape.axes.filter(({ name }) => !names.includes(name)) };
}

/** f32 over these axes. */
export function numbers(axes: readonly Axis[]): NamedShape {
  return { axes, elements: "number" };
}
