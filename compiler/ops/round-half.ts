/** A number → the nearest f16, ties to even. IEEE 754-2019, 4.3.1. */

/** Greatest finite f16. */
const greatest = 65_504;

/** `value` as f16 holds it; from 65,520 on infinite. */
export function roundHalf(value: number): number {
  if (!Number.isFinite(value) || value === 0) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), -14);
  const unit = 2 ** (exponent - 10);
  const rounded = evenRound(value / unit) * unit;
  return Math.abs(rounded) > greatest ? Math.sign(value) * Number.POSITIVE_INFINITY : rounded;
}

function evenRound(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  const isUp = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return isUp ? floor + 1 : floor;
}
