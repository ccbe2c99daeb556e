/** Text of comma- or tab-separated values → rows of fields. RFC 4180. */

/** One row and the line it starts in, from 1. */
export interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Splits a table; a quoted field may hold separators, line ends and doubled quotes. Blank lines are left out.
 * Throws a RangeError that names the line of a quote that never closes or is followed by other text.
 */
export function separatedRows(text: string, separator: "," | "\t"): readonly Row[] {
  const rows: Row[] = [];
  const plain = separator === "," ? /[^,\r\n]*/y : /[^\t\r\n]*/y;
  let fields: string[] = [];
  let line = 1;
  let start = 1;
  let at = text.startsWith("\ufeff") ? 1 : 0;
  const close = () => {
    if (fields.length > 1 || fields[0] !== "") rows.push({ line: start, fields });
    fields = [];
    start = line;
  };
  while (at < text.length) {
    const opened = line;
    let field = "";
    if (text[at] === '"') {
      const end = closingQuote(text, at + 1);
      if (end < 0) throw new RangeError(`line ${opened}: a quote is never closed`);
      const inner = text.slice(at + 1, end);
      field = inner.replaceAll('""', '"');
      line += inner.split("\n").length - 1;
      at = end + 1;
    } else {
      plain.lastIndex = at;
      field = plain.exec(text)![0];
      at += field.length;
    }
    fields.push(field);
    if (at >= text.length) break;
    if (text[at] === separator) {
      at++;
      if (at >= text.length) fields.push("");
    } else if (text[at] === "\n" || text.startsWith("\r\n", at)) {
      at += text[at] === "\n" ? 1 : 2;
      line++;
      close();
    } else {
      throw new RangeError(`line ${line}: text follows a closed quote`);
    }
  }
  if (fields.length > 0) close();
  return rows;
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
}
