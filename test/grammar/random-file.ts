/** Chance -> files that parse without a message, laid out as badly as the language allows. */
import fc from "fast-check";

const name = fc.constantFrom("q", "vision", "bridge", "image_size", "as", "from", "f16", "_x1");
const string = fc.constantFrom('"eva-clip-g/14"', '"\\n"', '""', '"a // b"', '"{"');
const number = fc.constantFrom("0", "1", "250_000", "0.05", "1e-4", "32 tokens", "24 GiB");
const blank = fc.constantFrom("", " ", "\t", "   ");
const space = fc.constantFrom(" ", "  ", "\t");
const remark = fc.constantFrom("", "", "", " // why  ", " /* b */");

/** Where a line may end inside of brackets, with or without a comment. */
const freely = fc.oneof(
  { weight: 6, arbitrary: blank },
  { weight: 1, arbitrary: fc.constantFrom("\n", " // c\n", "\n// own\n", " /* d */ ", "\n\n\n") },
);

const operator = fc.constantFrom("+", "-", "*", "/", "%", "==", "<", ">=", "and", "or", "->");

const { expression } = fc.letrec<{ expression: string; value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    name,
    number,
    string,
    fc.constantFrom("true", "false", "null", "frozen", "trainable"),
    fc
      .tuple(fc.array(tie("expression"), { maxLength: 4 }), freely, freely, fc.boolean())
      .map(([items, before, after, comma]) => {
        const last = comma && items.length > 0 ? "," : "";
        return `[${before}${items.join(`,${after}`)}${last}${after}]`;
      }),
    fc.tuple(freely, tie("expression"), freely).map(([a, inner, b]) => `(${a}${inner}${b})`),
    fc.tuple(name, name).map(([object, member]) => `${object}.${member}`),
    fc
      .tuple(name, freely, fc.array(fc.tuple(name, tie("expression")), { maxLength: 3 }))
      .map(([callee, before, list]) => {
        const given = list.map(([label, value], at) => (at > 0 ? `${label}:${value}` : value));
        return `${callee}(${before}${given.join(",")}${before})`;
      }),
    fc.tuple(name, number, number).map(([object, from, to]) => `${object}[${from}..${to}, 3]`),
    fc.tuple(fc.constantFrom("- ", "-", "not "), name).map(([sign, value]) => sign + value),
  ),
  expression: fc
    .tuple(
      tie("value"),
      fc.array(fc.tuple(space, operator, fc.constantFrom(" ", "\n", " // op\n"), tie("value")), {
        maxLength: 3,
      }),
    )
    .map(([first, rest]) => oneComparison(first, rest)),
}));

/** Comparisons do not chain: only the first one stays, sums take the place of others. */
function oneComparison(
  first: string,
  rest: readonly (readonly [string, string, string, string])[],
): string {
  let isUsed = false;
  return rest.reduce((text, [before, sign, after, value]) => {
    const compares = /^[=<>]/.test(sign);
    const used = compares && isUsed ? "+" : sign;
    isUsed ||= compares;
    return `${text}${before}${used}${after}${value}`;
  }, first);
}

const setting = fc
  .tuple(name, blank, blank, expression)
  .map(([path, a, b, value]) => `${path}${a}=${b}${value}`);

const lineEnd = fc
  .tuple(
    remark,
    fc.constantFrom("\n", "\n\n\n", "\n  // own line \n", "\n/// says\n", "\n/* x\n y */\n"),
  )
  .map(([comment, end]) => comment + end);

const { statement } = fc.letrec<{ statement: string; body: string }>((tie) => ({
  body: fc.oneof(
    fc
      .tuple(lineEnd, fc.array(fc.tuple(tie("statement"), lineEnd), { maxLength: 3 }))
      .map(([start, list]) => `{${start}${list.flat().join("")}}`),
    fc.constantFrom("{}", "{  }", "{ lr=1,  betas=[0.9,0.98] }", "{lr = 1e-4}"),
  ),
  statement: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    setting,
    fc.tuple(name, expression).map(([to, value]) => `let ${to}=${value}`),
    fc
      .tuple(
        name,
        fc.constantFrom("int", "backbone<lm>", "backbone < lm >", "f16[B,257, 3]"),
        number,
      )
      .map(([to, type, value]) => `param  ${to} :${type} =${value} where ${to}<2`),
    fc.constantFrom('import "a.blip"   as s1', 'import {q , bridge,} from "b.blip"'),
    fc
      .tuple(fc.constantFrom("", "frozen ", "trainable\t"), name, tie("body"))
      .map(([state, to, body]) => `${state}encoder   ${to}="x"${body}`),
    fc.tuple(blank, tie("body")).map(([gap, body]) => `optimizer :${gap}adamw ${body}`),
    fc.tuple(name, tie("body")).map(([kind, body]) => `${kind}${body}`),
    fc.tuple(expression, string).map(([value, text]) => `assert   ${value} else ${text}`),
  ),
}));

/** Text of a whole file. */
export const scatteredFile: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("", "blip  1\n", "// top\n\n\nblip 1 // one\n", "\uFEFFblip 1\r\n"),
    fc.array(fc.tuple(statement, lineEnd), { maxLength: 6 }),
  )
  .map(([start, list]) => start + list.flat().join(""));
