/** Templates of tensor names: `blocks.{i}.norm{n}.{wb}` with alternatives `[bert.|]`. */

/** What the holes of a template stood for in a name. */
export type Bindings = ReadonlyMap<string, string>;

/** What a hole takes, by its name; any other hole takes one part between dots. */
const holePatterns = new Map([
  ["i", "[0-9]+"],
  ["n", "[0-9]+"],
  ["wb", "weight|bias"],
  ["rest", ".+"],
]);

const compiled = new Map<string, RegExp>();

/** What the template's holes take in `name`; undefined when it is not of that form. `template` has no alternatives. */
export function matchTemplate(template: string, name: string): Bindings | undefined {
  let pattern = compiled.get(template);
  if (pattern === undefined) {
    const source = template.replaceAll(".", "\\.").replaceAll(/\{(\w+)\}/g, (_, hole: string) => {
      return `(?<${hole}>${holePatterns.get(hole) ?? "[^.]+"})`;
    });
    pattern = new RegExp(`^${source}$`);
    compiled.set(template, pattern);
  }
  const match = pattern.exec(name);
  return match === null ? undefined : new Map(Object.entries(match.groups ?? {}));
}

/** The name that the template makes of what its holes stand for. Throws an Error for a hole without a value. */
export function fillTemplate(template: string, bindings: Bindings): string {
  return template.replaceAll(/\{(\w+)\}/g, (_, hole: string) => {
    const value = bindings.get(hole);
    if (value === undefined) throw new Error(`the template ${template} has an unbound {${hole}}`);
    return value;
  });
}

/** `[a|b|]x` → `ax`, `bx`, `x`, in this order. */
export function alternatives(template: string): readonly string[] {
  const found = /^(.*?)\[([^\]]*)\](.*)$/.exec(template);
  if (found === null) return [template];
  const [, before = "", choices = "", after = ""] = found;
  return choices.split("|").flatMap((choice) => alternatives(before + choice + after));
}
