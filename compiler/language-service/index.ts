/** What an editor asks of a pipeline: text and position → answers, as plain data. */
export { type Analysis, analyze, loadScope } from "./analysis.ts";
export { type Choice, type Completion, completionsAt } from "./completion.ts";
export { type DocumentSymbol, documentSymbols } from "./document-symbols.ts";
export { type Hover, hoverAt } from "./hover.ts";
export { type InlayShape, inlayShapes } from "./inlay-shapes.ts";
export { type QuickFix, quickFixes, safeFixes } from "./quick-fixes.ts";
export { definitionAt, type Renaming, referencesAt, renameAt, renameableAt } from "./references.ts";
export { type SemanticToken, semanticTokens, semanticTokenTypes } from "./semantic-tokens.ts";
