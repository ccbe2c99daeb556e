/** Heads and lines as a Markdown table. */
export function markdownTable(
  names: readonly string[],
  lines: readonly (readonly string[])[],
): string {
  const clean = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [clean(names), clean(names.map(() => "---")), ...lines.map(clean)].join("\n");
}
