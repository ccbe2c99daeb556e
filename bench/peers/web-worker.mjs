/** A browser's `Worker` on top of Node's, enough for jax-js to use all cores. */
import { resolveObjectURL } from "node:buffer";
import { Worker as Thread } from "node:worker_threads";

const prelude = `
const { parentPort } = require("node:worker_threads");
globalThis.self = globalThis;
globalThis.postMessage = (message) => parentPort.postMessage(message);
parentPort.on("message", (data) => globalThis.onmessage({ data }));
`;

/** Runs the script behind a blob's address. */
class WebWorker {
  #thread;

  constructor(url) {
    this.#thread = resolveObjectURL(url)
      .text()
      .then((source) => {
        const thread = new Thread(prelude + source, { eval: true });
        thread.on("message", (data) => this.onmessage?.({ data }));
        thread.on("error", (error) => this.onerror?.(error));
        return thread;
      });
  }

  postMessage(message) {
    this.#thread = this.#thread.then((thread) => {
      thread.postMessage(message);
      return thread;
    });
  }
}

/** Gives libraries a global `Worker`. */
export function provideWorker() {
  globalThis.Worker = WebWorker;
}
