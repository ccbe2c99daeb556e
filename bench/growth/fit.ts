/** Points of a curve → the exponent of its growth. */

/** A straight line through logarithms: y = factor * x^exponent. */
export interface PowerLaw {
  readonly exponent: number;
  readonly factor: number;
}

/** Least squares over the logarithms of at least two points with different, positive x. */
export function powerLaw(points: readonly (readonly [x: number, y: number])[]): PowerLaw {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (place: 0 | 1) => logs.reduce((sum, each) => sum + each[place], 0) / logs.length;
  const [middleX, middleY] = [mean(0), mean(1)];
  const along = logs.reduce((sum, [x, y]) => sum + (x - middleX) * (y - middleY), 0);
  const across = logs.reduce((sum, [x]) => sum + (x - middleX) ** 2, 0);
  const exponent = along / across;
  return { exponent, factor: Math.exp(middleY - exponent * middleX) };
}

/** Exponent between the last two points: what further growth will look like. */
export function lastExponent(points: readonly (readonly [x: number, y: number])[]): number {
  return powerLaw(points.slice(-2)).exponent;
}
