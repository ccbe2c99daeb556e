/** A connection to an editor → the language server; knows the protocol, not the language. */
import { fileURLToPath } from "node:url";
import {
  CodeActionKind,
  type Connection,
  DidChangeWatchedFilesNotification,
  DocumentDiagnosticReportKind,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  InlayHintKind,
  ResponseError,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { standardFiles } from "../../compiler/1-check/standard-library.ts";
import {
  type Analysis,
  completionsAt,
  definitionAt,
  documentSymbols,
  hoverAt,
  inlayShapes,
  quickFixes,
  referencesAt,
  renameAt,
  renameableAt,
  safeFixes,
} from "../../compiler/language-service/index.ts";
import {
  codeActions,
  completionItems,
  formattingEdits,
  protocolSymbols,
  semanticTokenData,
  semanticTokensLegend,
  workspaceEdit,
} from "./answers.ts";
import { protocolDiagnostics } from "./diagnostics.ts";
import { Documents } from "./documents.ts";
import { locationOf, offsetOf, positionOf, rangeOf } from "./positions.ts";

/** What the editor can do. */
interface Client {
  readonly pulls: boolean;
  readonly refreshes: boolean;
  readonly watches: boolean;
  readonly snippets: boolean;
}

/** How long to wait for the next key before messages are worked out, in milliseconds. */
const pause = 30;

/** Answers an editor until it leaves. `folder` is what names are relative to when the editor opened no folder. */
export function serve(connection: Connection, folder: string, version: string): void {
  const documents = new Documents(folder);
  const editors = new TextDocuments(TextDocument);
  const uriOf = (name: string) => documents.uriOf(name);
  let client: Client = { pulls: false, refreshes: false, watches: false, snippets: false };
  let waiting: NodeJS.Timeout | undefined;

  connection.onInitialize((parameters) => {
    client = clientOf(parameters);
    const root = parameters.workspaceFolders?.[0]?.uri ?? parameters.rootUri;
    if (root?.startsWith("file:")) documents.rebase(fileURLToPath(root));
    return { ...initializeResult(), serverInfo: { name: "blipc", version } };
  });
  connection.onInitialized(async () => {
    if (!client.watches) return;
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: "**/*.blip" }],
    });
  });

  const tell = () => {
    waiting = undefined;
    if (client.pulls) {
      // The editor asks for the file in which somebody types; files that import it may have changed too.
      if (client.refreshes && documents.openUris().length > 1)
        connection.languages.diagnostics.refresh();
      return;
    }
    for (const uri of documents.openUris()) {
      const analysis = documents.analysis(uri);
      if (analysis === undefined) continue;
      const diagnostics = [...protocolDiagnostics(analysis, uriOf)];
      const document = editors.get(uri);
      const stamp = document === undefined ? {} : { version: document.version };
      connection.sendDiagnostics({ uri, diagnostics, ...stamp });
    }
  };
  const tellSoon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(tell, pause);
  };
  editors.onDidChangeContent(({ document }) => {
    documents.open(document.uri, document.getText());
    tellSoon();
  });
  editors.onDidClose(({ document }) => {
    documents.close(document.uri);
    if (!client.pulls) connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    tellSoon();
  });
  connection.onDidChangeWatchedFiles(tellSoon);
  connection.onShutdown(() => clearTimeout(waiting));

  /** Answers with what is known of the file, or with `none` when it cannot be read. */
  const asked = <T>(uri: string, none: T, answer: (analysis: Analysis) => T): T => {
    const analysis = documents.analysis(uri);
    return analysis === undefined ? none : answer(analysis);
  };

  connection.languages.diagnostics.on(({ textDocument: { uri } }) => ({
    kind: DocumentDiagnosticReportKind.Full,
    items: asked(uri, [], (analysis) => [...protocolDiagnostics(analysis, uriOf)]),
  }));
  connection.onHover(({ textDocument: { uri }, position }) =>
    asked(uri, null, (analysis) => {
      const hover = hoverAt(analysis, offsetOf(analysis.source, position));
      if (hover === undefined) return null;
      const contents = { kind: "markdown" as const, value: hover.markdown };
      return { contents, range: rangeOf(hover.span) };
    }),
  );
  connection.onCompletion(({ textDocument: { uri }, position }) =>
    asked(uri, [], ({ scope, source }) => {
      const offset = offsetOf(source, position);
      const found = completionsAt(scope, offset, () => documents.importPaths(uri));
      return completionItems(found, client.snippets);
    }),
  );
  connection.onDefinition(({ textDocument: { uri }, position }) =>
    asked(uri, null, ({ scope, source }) => {
      const span = definitionAt(scope, offsetOf(source, position));
      // What ships with the compiler is no file that an editor could open.
      const isFile = span !== undefined && !standardFiles.includes(span.source.name);
      return isFile ? locationOf(span, uriOf) : null;
    }),
  );
  connection.onReferences(({ textDocument: { uri }, position, context }) =>
    asked(uri, null, ({ scope, source }) =>
      referencesAt(scope, offsetOf(source, position), documents.scopes())
        .filter(({ isDeclaration }) => context.includeDeclaration || !isDeclaration)
        .map(({ span }) => locationOf(span, uriOf)),
    ),
  );
  connection.onDocumentHighlight(({ textDocument: { uri }, position }) =>
    asked(uri, null, ({ scope, source }) =>
      referencesAt(scope, offsetOf(source, position), [])
        .filter(({ span }) => span.source.name === source.name)
        .map(({ span }) => ({ range: rangeOf(span) })),
    ),
  );
  connection.onPrepareRename(({ textDocument: { uri }, position }) =>
    asked(uri, null, ({ scope, source }) => {
      const span = renameableAt(scope, offsetOf(source, position));
      return span === undefined ? null : rangeOf(span);
    }),
  );
  connection.onRenameRequest(({ textDocument: { uri }, position, newName }) =>
    asked(uri, null, ({ scope, source }) => {
      const renaming = renameAt(scope, offsetOf(source, position), newName, documents.scopes());
      if (!renaming.ok) throw new ResponseError(ErrorCodes.InvalidParams, renaming.reason);
      return workspaceEdit(renaming.edits, uriOf);
    }),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    asked(uri, [], ({ scope }) => protocolSymbols(documentSymbols(scope.document.statements))),
  );
  connection.onCodeAction(({ textDocument: { uri }, range, context }) =>
    asked(uri, [], (analysis) => {
      if (context.only?.includes(CodeActionKind.SourceFixAll)) {
        const edits = safeFixes(analysis).flatMap(({ fix }) => fix.edits);
        const edit = workspaceEdit(edits, uriOf);
        return [{ title: "Apply all safe fixes", kind: CodeActionKind.SourceFixAll, edit }];
      }
      const { source } = analysis;
      const fixes = quickFixes(
        analysis,
        offsetOf(source, range.start),
        offsetOf(source, range.end),
      );
      return codeActions(fixes, uriOf);
    }),
  );
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }) =>
    asked(uri, [], (analysis) => {
      const { source } = analysis;
      const shapes = inlayShapes(
        analysis,
        offsetOf(source, range.start),
        offsetOf(source, range.end),
      );
      return shapes.map(({ offset, text }) => ({
        position: positionOf(source, offset),
        label: text,
        kind: InlayHintKind.Type,
        paddingLeft: true,
      }));
    }),
  );
  connection.onDocumentFormatting(({ textDocument: { uri } }) => {
    const source = documents.source(uri);
    return source === undefined ? [] : formattingEdits(source);
  });
  connection.languages.semanticTokens.on(({ textDocument: { uri } }) => ({
    data: asked(uri, [], semanticTokenData),
  }));

  editors.listen(connection);
  connection.listen();
}

function clientOf({ capabilities }: InitializeParams): Client {
  const { textDocument, workspace } = capabilities;
  return {
    pulls: textDocument?.diagnostic !== undefined,
    refreshes: workspace?.diagnostics?.refreshSupport === true,
    watches: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
  };
}

function initializeResult(): InitializeResult {
  return {
    capabilities: {
      textDocumentSync: TextDocumentSyncKind.Incremental,
      diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [".", ":", "=", '"', "(", "[", " ", "/"] },
      definitionProvider: true,
      referencesProvider: true,
      documentHighlightProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll],
      },
      documentFormattingProvider: true,
      inlayHintProvider: true,
      semanticTokensProvider: { legend: semanticTokensLegend, full: true },
    },
  };
}
