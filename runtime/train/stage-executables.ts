/** Programs of a training step → ready to run on a device. */
import type { StagePrograms } from "../../compiler/compile.ts";
import type { Device } from "../device/open-device.ts";
import { type Executable, prepare } from "../execute/executable.ts";
import type { DeviceMemory } from "../execute/memory.ts";

/** As in `StagePrograms`. */
export interface StageExecutables {
  readonly whole: { readonly represent: Executable; readonly compute: Executable } | undefined;
  readonly step: Executable;
  readonly apply: Executable | undefined;
  destroy(): void;
}

/** Throws what `prepare` throws. */
export async function prepareStage(
  device: Device,
  { whole, step, apply }: StagePrograms,
  memory: DeviceMemory,
): Promise<StageExecutables> {
  const made: Executable[] = [];
  const open = async (program: StagePrograms["step"]): Promise<Executable> => {
    const executable = await prepare(device, program, memory);
    made.push(executable);
    return executable;
  };
  const destroy = () => {
    for (const executable of made) executable.destroy();
  };
  try {
    return {
      whole: whole && {
        represent: await open(whole.represent),
        compute: await open(whole.compute),
      },
      step: await open(step),
      apply: apply && (await open(apply)),
      destroy,
    };
  } catch (thrown) {
    destroy();
    throw thrown;
  }
}
