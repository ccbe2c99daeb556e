/** Closes what stays open of `( )`, `[ ]` and `import { }`, and drops stray closers. */
import type { TokenType } from "chevrotain";
import type { Diagnostic, Label } from "./diagnostic.ts";
import { tokenSpan } from "./lex.ts";
import {
  type Item,
  is,
  pathEnd,
  retyped,
  statementStart,
  virtualItem,
  withNewline,
} from "./lines.ts";
import { help, report } from "./message.ts";
import { strayCloser, unclosedBracket } from "./messages/syntax.ts";
import { joinSpans, type Source, type Span, spanOf } from "./source.ts";
import * as t from "./tokens.ts";

/** Items after a pass, with what it had to say. */
export interface LaidOut {
  readonly items: readonly Item[];
  readonly diagnostics: readonly Diagnostic[];
}

type Bracket = "(" | "[" | "{" | "import {";

interface Opened {
  readonly bracket: Bracket;
  readonly item: Item;
  /** The item before the bracket, which tells a call from a group. */
  readonly before: Item | undefined;
}

const closers: Readonly<Record<Bracket, TokenType>> = {
  "(": t.RightParenthesis,
  "[": t.RightBracket,
  "{": t.RightBrace,
  "import {": t.RightBrace,
};

const closingSigns: Readonly<Record<Bracket, string>> = {
  "(": ")",
  "[": "]",
  "{": "}",
  "import {": "}",
};

/**
 * Closes brackets that are open where a line can only start a statement, at a brace, or at the
 * end of the file; turns commas inside of brackets into item commas.
 */
export function closeBrackets(source: Source, items: readonly Item[]): LaidOut {
  const out: Item[] = [];
  const diagnostics: Diagnostic[] = [];
  const open: Opened[] = [];

  const inExpression = () => open.length > 0 && open.at(-1)?.bracket !== "{";

  /** Closes the innermost brackets down to a brace, or down to `keep` open ones. */
  const closeOpen = (label: Label | undefined, keep = 0) => {
    const last = out.at(-1);
    let signs = "";
    let first: Opened | undefined;
    while (inExpression() && open.length > keep && last !== undefined) {
      const opened = open.pop() as Opened;
      first ??= opened;
      signs += closingSigns[opened.bracket];
      out.push(virtualItem(closers[opened.bracket], out.at(-1) ?? last));
    }
    if (first !== undefined && last !== undefined) {
      diagnostics.push(unclosed(source, first, last, signs, label));
    }
  };

  let dropped: Item | undefined;
  for (const [index, original] of items.entries()) {
    let item = withNewline(original, dropped?.newline);
    dropped = undefined;
    if (inExpression() && startsAnew(items, index, item, open.at(-1))) {
      closeOpen(startLabel(source, items, index, open.at(-1)));
    }
    const bracket = openingBracket(item, out.at(-1));
    if (bracket !== undefined) {
      if (bracket === "{") {
        closeOpen(endLabel(source, item, "a body starts here", open.at(-1)));
      }
      open.push({ bracket, item, before: out.at(-1) });
    } else if (is(item, t.RightParenthesis) || is(item, t.RightBracket)) {
      const depth = matchingDepth(open, item);
      if (depth === undefined) {
        diagnostics.push(stray(source, item));
        dropped = item;
        continue;
      }
      const text = `this \`${item.token.image}\` closes a bracket further out`;
      closeOpen({ span: tokenSpan(source, item.token), text }, depth + 1);
      open.pop();
    } else if (is(item, t.RightBrace)) {
      if (open.at(-1)?.bracket !== "import {") {
        closeOpen(endLabel(source, item, "the block ends here", open.at(-1)));
      }
      open.pop();
    } else if (is(item, t.Comma) && inExpression() && open.at(-1)?.bracket !== "import {") {
      item = retyped(item, t.ItemComma);
    }
    out.push(item);
  }
  closeOpen(undefined);
  return { items: out, diagnostics };
}

function startsAnew(
  items: readonly Item[],
  index: number,
  item: Item,
  top: Opened | undefined,
): boolean {
  if (top?.bracket === "import {") {
    const ends = is(item, t.From) && is(items[index + 1], t.StringToken);
    return (
      ends ||
      (item.newline !== undefined &&
        !is(item, t.RightBrace) &&
        statementStart(items, index) !== undefined)
    );
  }
  return item.newline !== undefined && statementStart(items, index) !== undefined;
}

function openingBracket(item: Item, before: Item | undefined): Bracket | undefined {
  if (is(item, t.LeftParenthesis)) {
    return "(";
  }
  if (is(item, t.LeftBracket)) {
    return "[";
  }
  if (is(item, t.LeftBrace)) {
    return is(before, t.Import) ? "import {" : "{";
  }
  return undefined;
}

/** Place in the stack of the bracket that this closer closes, above the innermost brace. */
function matchingDepth(open: readonly Opened[], item: Item): number | undefined {
  for (let depth = open.length - 1; depth >= 0; depth--) {
    const bracket = open[depth]?.bracket;
    if (bracket === undefined || bracket === "{" || bracket === "import {") {
      return undefined;
    }
    if (is(item, closers[bracket])) {
      return depth;
    }
  }
  return undefined;
}

/** A message about a closing bracket that closes nothing. */
export function stray(source: Source, item: Item): Diagnostic {
  const span = tokenSpan(source, item.token);
  return report(
    strayCloser,
    { bracket: item.token.image },
    {
      primary: { span, text: "delete it, or add what it should close" },
      fixes: [{ title: "delete it", edits: [{ span, text: "" }], safe: false }],
    },
  );
}

function nounOf(opened: Opened | undefined): string {
  switch (opened?.bracket) {
    case "[":
      return "list";
    case "import {":
      return "list of names";
    default: {
      const call = [t.Identifier, t.RightBracket, t.RightParenthesis];
      return call.some((type) => is(opened?.before, type)) ? "call" : "group";
    }
  }
}

function endLabel(source: Source, item: Item, what: string, opened: Opened | undefined): Label {
  const text = `${what}, so the ${nounOf(opened)} must end before it`;
  return { span: tokenSpan(source, item.token), text };
}

function startLabel(
  source: Source,
  items: readonly Item[],
  index: number,
  opened: Opened | undefined,
): Label {
  const item = items[index] as Item;
  const kind = statementStart(items, index) ?? "statement";
  const what = kind === "end" ? "the block ends here" : `a new ${kind} starts here`;
  const label = endLabel(source, item, is(item, t.From) ? "the file name follows" : what, opened);
  return { ...label, span: startSpan(source, items, index) };
}

/** What shows that a statement starts: `path =`, or the state and kind of a block. */
export function startSpan(source: Source, items: readonly Item[], index: number): Span {
  const first = items[index] as Item;
  const kind = statementStart(items, index);
  let last = first;
  if (kind === "setting") {
    last = items[pathEnd(items, index)] ?? first;
  } else if (is(first, t.Frozen) || is(first, t.Trainable)) {
    last = items[index + 1] ?? first;
  }
  return joinSpans(tokenSpan(source, first.token), tokenSpan(source, last.token));
}

function unclosed(
  source: Source,
  opened: Opened,
  last: Item,
  signs: string,
  label: Label | undefined,
): Diagnostic {
  const end = tokenSpan(source, last.token).end;
  const line = last.token.endLine ?? 1;
  const sameLine = label !== undefined && !source.text.slice(end, label.span.start).includes("\n");
  const before = label === undefined ? "" : source.text.charAt(label.span.start);
  const where =
    sameLine && /[\])}{]/.test(before) ? `before the \`${before}\`` : `at the end of line ${line}`;
  const title = `add \`${signs}\` ${where}`;
  return report(
    unclosedBracket,
    { bracket: opened.item.token.image },
    {
      primary: { span: tokenSpan(source, opened.item.token), text: "opened here" },
      labels: label === undefined ? [] : [label],
      notes: [help(`${title}  (fix available)`)],
      fixes: [{ title, edits: [{ span: spanOf(source, end, end), text: signs }], safe: true }],
    },
  );
}
