/** Curves → one SVG with a panel each, both axes logarithmic, with the fitted power law. */
import type { PowerLaw } from "./fit.ts";

export interface Curve {
  /** What grows: `batch`. */
  readonly name: string;
  /** Place and milliseconds. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly law: PowerLaw;
}

const width = 300;
const height = 240;
const margin = { left: 56, right: 14, top: 34, bottom: 40 };

/** Panels from left to right; text and lines only, so it reads the same everywhere. */
export function growthSvg(curves: readonly Curve[], title: string): string {
  const panels = curves.map(
    (curve, i) => `<g transform="translate(${i * width} 24)">${panel(curve)}</g>`,
  );
  const all = `<text x="8" y="17" font-weight="bold">${escaped(title)}</text>${panels.join("")}`;
  const size = `width="${width * curves.length}" height="${height + 24}" viewBox="0 0 ${width * curves.length} ${height + 24}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif" font-size="11"><rect width="100%" height="100%" fill="white"/>${all}</svg>\n`;
}

function panel({ name, points, law }: Curve): string {
  const seconds = points.map(([, y]) => y / 1000);
  const places = points.map(([x]) => x);
  const x = axis(places, margin.left, width - margin.right);
  const y = axis(seconds, height - margin.bottom, margin.top);
  const at = (place: number, value: number) => `${x(place).toFixed(1)},${y(value).toFixed(1)}`;
  const [first, last] = [places[0]!, places.at(-1)!];
  const onLaw = (place: number) => (law.factor * place ** law.exponent) / 1000;
  const dots = places.map((place, i) => {
    const [cx, cy] = at(place, seconds[i]!).split(",");
    return `<circle cx="${cx}" cy="${cy}" r="3.5" fill="#1f6feb"/>`;
  });
  const below = places.map(
    (place) =>
      `<text x="${x(place).toFixed(1)}" y="${height - margin.bottom + 16}" text-anchor="middle">${place}</text>`,
  );
  const beside = seconds.map((value, i) =>
    i === 0 || i === seconds.length - 1
      ? `<text x="${margin.left - 6}" y="${(y(value) + 4).toFixed(1)}" text-anchor="end">${value.toPrecision(2)} s</text>`
      : "",
  );
  const frame = `<path d="M${margin.left} ${margin.top}V${height - margin.bottom}H${width - margin.right}" fill="none" stroke="#888"/>`;
  const line = `<path d="M${at(first, onLaw(first))}L${at(last, onLaw(last))}" stroke="#d29922" stroke-width="1.5"/>`;
  const head = `<text x="${margin.left}" y="${margin.top - 12}">${escaped(name)}: exponent ${law.exponent.toFixed(2)}</text>`;
  return `${frame}${line}${dots.join("")}${below.join("")}${beside.join("")}${head}`;
}

/** A logarithmic scale from the values' range to pixels. */
function axis(values: readonly number[], from: number, to: number): (value: number) => number {
  const low = Math.log(Math.min(...values));
  const high = Math.log(Math.max(...values));
  const room = (to - from) * 0.06;
  return (value) =>
    from + room + ((Math.log(value) - low) / Math.max(high - low, 1e-9)) * (to - from - 2 * room);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
