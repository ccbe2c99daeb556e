import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type CodeAction,
  type CompletionItem,
  createConnection,
  createProtocolConnection,
  type Diagnostic,
  type Hover,
  type Location,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { serve } from "../../cli/lsp/server.ts";
import { stage1 } from "../language-service/marked.ts";
import { nodeArguments, root } from "./blipc.ts";

let folder = "";
let client: ProtocolConnection;
let published: PublishDiagnosticsParams[] = [];
let faults: unknown[] = [];

const uriOf = (name: string) => pathToFileURL(join(folder, name)).href;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blipc-lsp-"));
  published = [];
  faults = [];
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const connection = createConnection(
    new StreamMessageReader(toServer),
    new StreamMessageWriter(toClient),
  );
  serve(connection, folder, "0.0.0");
  client = createProtocolConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  client.onNotification("textDocument/publishDiagnostics", (each: PublishDiagnosticsParams) => {
    published.push(each);
  });
  client.onNotification("window/logMessage", (each: { readonly message: string }) => {
    faults.push(each.message);
  });
  client.onError((each) => faults.push(each));
  client.listen();
});

afterEach(async () => {
  await client.sendRequest("shutdown");
  client.dispose();
  rmSync(folder, { recursive: true });
});

async function initialize(capabilities: object = {}): Promise<{ capabilities: object }> {
  const answer = await client.sendRequest<{ capabilities: object }>("initialize", {
    processId: null,
    rootUri: pathToFileURL(folder).href,
    capabilities,
  });
  await client.sendNotification("initialized", {});
  return answer;
}

const open = (name: string, text: string) =>
  client.sendNotification("textDocument/didOpen", {
    textDocument: { uri: uriOf(name), languageId: "blip", version: 1, text },
  });

const ask = <T>(method: string, name: string, more: object = {}) =>
  client.sendRequest<T>(`textDocument/${method}`, { textDocument: { uri: uriOf(name) }, ...more });

/** Position of the first `word` in a text. */
function at(text: string, word: string) {
  const before = text.slice(0, text.indexOf(word)).split("\n");
  return { position: { line: before.length - 1, character: before.at(-1)!.length } };
}

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 20_000) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const pulled = async (name: string) =>
  (await ask<{ readonly items: readonly Diagnostic[] }>("diagnostic", name)).items;

describe("one file", () => {
  test("messages are pushed while somebody types, with their code", async () => {
    await initialize();
    await open("a.blip", stage1.replace("f16", "f61"));
    await until(() => published.length > 0);
    expect(published[0]?.diagnostics[0]).toMatchObject({ source: "blip", severity: 1 });
    expect(published[0]?.diagnostics[0]?.code).toMatch(/^BLIP\d{4}$/);
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri: uriOf("a.blip"), version: 2 },
      contentChanges: [{ text: stage1 }],
    });
    await until(() => published.at(-1)?.version === 2);
    expect(published.at(-1)?.diagnostics).toEqual([]);
  });

  test("an editor that pulls is not pushed to", async () => {
    await initialize({ textDocument: { diagnostic: {} } });
    await open("a.blip", stage1.replace("f16", "f61"));
    expect(await pulled("a.blip")).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(published).toEqual([]);
  });

  test("hover, completion, outline, shapes, colors", async () => {
    await initialize();
    await open("a.blip", stage1);
    const hover = await ask<Hover>("hover", "a.blip", at(stage1, "patches"));
    expect(JSON.stringify(hover.contents)).toContain("f16[B, 257, 1408]");
    const items = await ask<CompletionItem[]>("completion", "a.blip", at(stage1, "f16"));
    expect(items.map(({ label }) => label)).toEqual(["f16", "f32"]);
    const symbols = await ask<unknown[]>("documentSymbol", "a.blip");
    expect(symbols).toHaveLength(8);
    const range = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
    const hints = await ask<{ label: string }[]>("inlayHint", "a.blip", { range });
    expect(hints.map(({ label }) => label)).toContain("f32[32, 768]");
    const tokens = await ask<{ data: number[] }>("semanticTokens/full", "a.blip");
    expect(tokens.data.length % 5).toBe(0);
    expect(tokens.data.slice(0, 5)).toEqual([0, 0, 4, 0, 0]);
  });

  test("a fix changes just the wrong word", async () => {
    await initialize();
    const text = stage1.replace("dtype", "dtyp");
    await open("a.blip", text);
    const { position } = at(text, "dtyp");
    const range = { start: position, end: position };
    const actions = await ask<CodeAction[]>("codeAction", "a.blip", {
      range,
      context: { diagnostics: [] },
    });
    const edit = actions[0]?.edit?.changes?.[uriOf("a.blip")]?.[0];
    expect(edit?.newText).toBe("dtype");
    expect(edit?.range).toEqual({
      start: position,
      end: { ...position, character: position.character + 4 },
    });
  });
});

test("formatting replaces only what is laid out otherwise", async () => {
  await initialize();
  const text = stage1.replace("  dtype = f16", "      dtype=f16");
  await open("a.blip", text);
  const edits = await ask<TextEdit[]>("formatting", "a.blip", { options: {} });
  expect(edits).toHaveLength(1);
  expect(edits[0]?.range.start.line).toBe(7);
  expect(edits[0]?.range.end.line).toBe(7);
  await open("b.blip", stage1);
  expect(await ask("formatting", "b.blip", { options: {} })).toEqual([]);
});

describe("several files", () => {
  const second = 'blip 1\nimport "./a.blip" as s1\nextend s1 {\n  vision.dtype = f32\n}\n';

  test("definition, references and rename cross them, open or not", async () => {
    writeFileSync(join(folder, "a.blip"), stage1);
    writeFileSync(join(folder, "b.blip"), second);
    await initialize();
    await open("b.blip", second);
    const target = await ask<Location>("definition", "b.blip", at(second, "vision"));
    expect(target).toMatchObject({
      uri: uriOf("a.blip"),
      range: { start: { line: 5, character: 15 } },
    });
    await open("a.blip", stage1);
    const context = { includeDeclaration: true };
    const places = await ask<Location[]>("references", "a.blip", {
      ...at(stage1, "vision"),
      context,
    });
    expect(places.map(({ uri }) => uri)).toContain(uriOf("b.blip"));
    const edit = await ask<WorkspaceEdit>("rename", "a.blip", {
      ...at(stage1, "vision"),
      newName: "tower",
    });
    expect(Object.keys(edit.changes ?? {}).toSorted()).toEqual([uriOf("a.blip"), uriOf("b.blip")]);
    await expect(
      ask("rename", "a.blip", { ...at(stage1, "vision"), newName: "bridge" }),
    ).rejects.toThrow("declares `bridge` already");
  });

  test("a change in one editor is seen in the other; what is wrong there is told at the import", async () => {
    await initialize({ textDocument: { diagnostic: {} } });
    await open("a.blip", stage1);
    await open("b.blip", second);
    const errors = async () => (await pulled("b.blip")).filter(({ severity }) => severity === 1);
    expect(await errors()).toEqual([]);
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri: uriOf("a.blip"), version: 2 },
      contentChanges: [{ text: stage1.replace("count = 32", "count = 0") }],
    });
    const found = await errors();
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toMatch(/^in a\.blip: /);
    expect(found[0]?.range.start.line).toBe(1);
    expect(found[0]?.relatedInformation?.[0]?.location.uri).toBe(uriOf("a.blip"));
  });

  test("a file outside of the project is not opened by an import", async () => {
    await initialize({ textDocument: { diagnostic: {} } });
    await open("b.blip", 'blip 1\nimport "../../secret.blip" as s1\n');
    expect((await pulled("b.blip")).map(({ message }) => message).join()).toContain("secret.blip");
  });
});

test("typing a pipeline: no fault, never more than a few messages, none at the end", async () => {
  await initialize({ textDocument: { diagnostic: {} } });
  const text = readFileSync(join(root, "pipelines/blip2/stage1.blip"), "utf8");
  await open("a.blip", "");
  let most = 0;
  let line = 0;
  let character = 0;
  for (const [index, letter] of [...text].entries()) {
    const position = { line, character };
    await client.sendNotification("textDocument/didChange", {
      textDocument: { uri: uriOf("a.blip"), version: index + 2 },
      contentChanges: [{ range: { start: position, end: position }, text: letter }],
    });
    character = letter === "\n" ? 0 : character + 1;
    if (letter === "\n") line += 1;
    const here = { position: { line, character } };
    if (index % 3 === 0) {
      most = Math.max(
        most,
        (await pulled("a.blip")).filter(({ severity }) => severity === 1).length,
      );
    }
    if (index % 9 === 0) await ask("completion", "a.blip", here);
    if (index % 40 === 0) {
      const range = { start: { line: 0, character: 0 }, end: here.position };
      await ask("hover", "a.blip", here);
      await ask("inlayHint", "a.blip", { range });
      await ask("semanticTokens/full", "a.blip");
      await ask("documentSymbol", "a.blip");
      await ask("definition", "a.blip", here);
      await ask("prepareRename", "a.blip", here);
    }
  }
  expect(await pulled("a.blip")).toEqual([]);
  expect(most).toBeLessThanOrEqual(4);
  expect(faults).toEqual([]);
});

test("as a process: speaks on its standard streams and nothing else, and leaves with 0", async () => {
  await initialize();
  const server = spawn(process.execPath, [...nodeArguments(), "lsp", "--stdio"], { cwd: folder });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let side = "";
  server.stderr.on("data", (text) => {
    side += text;
  });
  const editor = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  editor.listen();
  const answer = await editor.sendRequest<{ serverInfo: object }>("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
  });
  expect(answer.serverInfo).toMatchObject({ name: "blipc" });
  await editor.sendRequest("shutdown");
  await editor.sendNotification("exit");
  expect(await ended).toBe(0);
  expect(side).toBe("");
  editor.dispose();
});
