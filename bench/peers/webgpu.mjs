/** The adapter that our own runtime finds → the globals that browser libraries expect, with our gentle polling. */
import { availableParallelism } from "node:os";
import { globals } from "webgpu";
import { findAdapter } from "../../runtime/device/find-adapter.ts";
import { installPolling } from "../../runtime/device/polling.ts";

/** Gives the libraries `navigator.gpu`; its adapter is the one that is measured. */
export async function provideWebGpu(choice) {
  installPolling();
  Object.assign(globalThis, globals);
  const { adapter } = await findAdapter(choice);
  provideNavigator({ requestAdapter: async () => adapter });
  return adapter;
}

/** A `navigator` for libraries that ask it for the number of cores or the name of the browser. */
export function provideNavigator(gpu) {
  const navigator = { userAgent: "Node", hardwareConcurrency: availableParallelism(), gpu };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
}
