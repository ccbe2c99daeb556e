/** Layout document -> text: groups stay on one line when they fit (Wadler, "A prettier printer", 1998). */

/** Text with places where a line may end. */
export type Layout =
  | string
  | readonly Layout[]
  /** On one line when it fits and nothing in it must break. */
  | { readonly kind: "group"; readonly inner: Layout; readonly isBroken: boolean }
  /** Lines that start inside are two spaces further in. */
  | { readonly kind: "indent"; readonly inner: Layout }
  /** A line end when the group around it is broken, else `flat`. */
  | { readonly kind: "line"; readonly flat: "" | " " }
  /** Always a line end. */
  | { readonly kind: "hard-line" }
  /** One text or the other, by whether the group around it is broken. */
  | { readonly kind: "if-broken"; readonly broken: string; readonly flat: string }
  /** Text that no line is broken for: a comment at the end of a line. */
  | { readonly kind: "remark"; readonly text: string };

/** Characters a line may have. */
export const lineWidth = 100;

const indentWidth = 2;

/** A line end or a space. */
export const line: Layout = { kind: "line", flat: " " };

/** A line end or nothing. */
export const softLine: Layout = { kind: "line", flat: "" };

/** A line end, whatever fits. */
export const hardLine: Layout = { kind: "hard-line" };

/** Stays together when it fits. */
export function group(inner: Layout): Layout {
  return { kind: "group", inner, isBroken: mustBreak(inner) };
}

/** Two spaces further in. */
export function indent(inner: Layout): Layout {
  return { kind: "indent", inner };
}

/** True when a line ends inside, whatever the width. */
export function mustBreak(layout: Layout): boolean {
  if (typeof layout === "string") return layout.includes("\n");
  if (isSequence(layout)) return layout.some(mustBreak);
  switch (layout.kind) {
    case "group":
      return layout.isBroken;
    case "indent":
      return mustBreak(layout.inner);
    case "hard-line":
      return true;
    case "remark":
      return layout.text.includes("\n");
    default:
      return false;
  }
}

function isSequence(layout: Layout): layout is readonly Layout[] {
  return Array.isArray(layout);
}

interface Task {
  readonly layout: Layout;
  readonly depth: number;
  readonly isBroken: boolean;
}

/** The text, lines ended by `\n`, no blanks at the end of a line that the printer made. */
export function printLayout(layout: Layout): string {
  const out: string[] = [];
  const tasks: Task[] = [{ layout, depth: 0, isBroken: true }];
  let column = 0;
  let pending = 0;
  const write = (text: string) => {
    if (text === "") return;
    if (pending > 0) out.push(" ".repeat(pending));
    pending = 0;
    out.push(text);
    const last = text.lastIndexOf("\n");
    column = last < 0 ? column + text.length : text.length - last - 1;
  };
  for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
    const { layout: next, depth, isBroken } = task;
    if (typeof next === "string") {
      write(next);
    } else if (isSequence(next)) {
      for (const part of next.toReversed()) tasks.push({ layout: part, depth, isBroken });
    } else if (next.kind === "group") {
      const inner = { layout: next.inner, depth, isBroken: false };
      const isFlat = !next.isBroken && fits(inner, tasks, lineWidth - column);
      tasks.push(isFlat ? inner : { ...inner, isBroken: true });
    } else if (next.kind === "indent") {
      tasks.push({ layout: next.inner, depth: depth + indentWidth, isBroken });
    } else if (next.kind === "if-broken") {
      write(isBroken ? next.broken : next.flat);
    } else if (next.kind === "remark") {
      write(next.text);
    } else if (next.kind === "line" && !isBroken) {
      write(next.flat);
    } else {
      out.push("\n");
      pending = depth;
      column = depth;
    }
  }
  return out.join("");
}

/** True when `first`, and what follows it up to the next line end, takes at most `room` characters. */
function fits(first: Task, rest: readonly Task[], room: number): boolean {
  const tasks: Task[] = [first];
  let left = room;
  let at = rest.length;
  while (left >= 0) {
    const task = tasks.pop() ?? rest[--at];
    if (task === undefined) return true;
    const { layout, isBroken } = task;
    if (typeof layout === "string") {
      const end = layout.indexOf("\n");
      left -= end < 0 ? layout.length : end;
      if (end >= 0) return left >= 0;
    } else if (isSequence(layout)) {
      for (const part of layout.toReversed()) tasks.push({ ...task, layout: part });
    } else {
      switch (layout.kind) {
        case "group":
          tasks.push({ ...task, layout: layout.inner, isBroken: isBroken && layout.isBroken });
          break;
        case "indent":
          tasks.push({ ...task, layout: layout.inner });
          break;
        case "if-broken":
          left -= (isBroken ? layout.broken : layout.flat).length;
          break;
        case "hard-line":
          return true;
        case "line":
          if (isBroken) return true;
          left -= layout.flat.length;
          break;
        case "remark":
          break;
      }
    }
  }
  return false;
}
