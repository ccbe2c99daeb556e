/** Starts `blipc lsp --stdio` for `.blip` files and hands it to VS Code's language client. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { commands, type ExtensionContext, window, workspace } from "vscode";
import { type Executable, LanguageClient, TransportKind } from "vscode-languageclient/node";

let client: LanguageClient | undefined;

/** Called by VS Code when the first `.blip` file is opened. */
export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand("blip.restart", start),
    workspace.onDidGrantWorkspaceTrust(start),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("blip.command")) void start();
    }),
  );
  await start();
}

/** Called by VS Code when the extension is switched off. */
export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function start(): Promise<void> {
  await deactivate();
  // The server is a program of the workspace: it is not run before somebody says that the workspace is trusted.
  if (!workspace.isTrusted) return;
  const server = serverOf();
  client = new LanguageClient("blip", "blip", server, {
    documentSelector: [{ language: "blip" }],
    synchronize: { fileEvents: workspace.createFileSystemWatcher("**/*.blip") },
  });
  try {
    await client.start();
  } catch {
    const tried = [server.command, ...(server.args ?? [])].join(" ");
    const choice = await window.showErrorMessage(
      `\`${tried}\` did not start. Install blipc in this workspace (npm install --save-dev blipc), or set blip.command.`,
      "Open settings",
    );
    if (choice !== undefined) {
      await commands.executeCommand("workbench.action.openSettings", "blip.command");
    }
  }
}

/** The command of the settings, else that of the workspace, else the one on the path. */
function serverOf(): Executable {
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.scheme === "file")?.uri.fsPath;
  const [set, ...more] = workspace.getConfiguration("blip").get<string[]>("command") ?? [];
  const options = folder === undefined ? {} : { cwd: folder };
  if (set !== undefined) return { command: set, args: more, options };
  const args = ["lsp", "--stdio"];
  const script = folder && join(folder, "node_modules/blipc/dist/cli/main.js");
  if (script !== undefined && existsSync(script)) {
    return { command: "node", args: [script, ...args], options };
  }
  // On Windows a command of npm is a script that only a shell starts.
  const shell = process.platform === "win32";
  return { command: "blipc", args, transport: TransportKind.stdio, options: { ...options, shell } };
}
