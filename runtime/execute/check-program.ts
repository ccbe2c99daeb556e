/** What a schema cannot say of a program: indices that point somewhere, sizes that fit, sums that add up. */
import {
  type Program,
  type StorageType,
  type TensorSlot,
  uniformStride,
} from "../../compiler/program.ts";

/** Bytes of a dense tensor, a multiple of 4. */
export function bytesOf(shape: readonly number[], type: StorageType): number {
  const elements = shape.reduce((product, size) => product * size, 1);
  return type === "f16" ? Math.ceil(elements / 2) * 4 : elements * 4;
}

/** Bytes that the program's buffers take, by kind. */
export function bytesByKind(program: Program): Program["memory"] {
  const memory = { state: 0, input: 0, constant: 0, scratch: 0, uniform: 0, readback: 0 };
  for (const buffer of program.buffers) memory[buffer.kind] += buffer.bytes;
  return memory;
}

/** The first fault of each dispatch, tensor and sum, in words; none when the program holds together. */
export function faultsOf(program: Program): readonly string[] {
  return [
    ...dispatchFaults(program),
    ...bufferFaults(program),
    ...slotFaults(program, "input", program.inputs),
    ...slotFaults(program, "state", program.state),
    ...slotFaults(program, "output", program.outputs),
    ...memoryFaults(program),
  ];
}

function dispatchFaults(program: Program): readonly string[] {
  const hasUniforms = program.buffers.some(({ kind }) => kind === "uniform");
  return program.dispatches.flatMap((dispatch, index) => {
    const fault = (text: string) => [`dispatch ${index} (${dispatch.label}): ${text}`];
    const shader = program.shaders[dispatch.shader];
    if (shader === undefined) return fault(`there is no shader ${dispatch.shader}`);
    if (dispatch.buffers.length !== shader.access.length) {
      return fault(`${dispatch.buffers.length} buffers for ${shader.access.length} bindings`);
    }
    const missing = dispatch.buffers.find((buffer) => program.buffers[buffer] === undefined);
    if (missing !== undefined) return fault(`there is no buffer ${missing}`);
    const { windows } = dispatch;
    if (windows !== undefined && windows.length !== dispatch.buffers.length) {
      return fault(`${windows.length} windows for ${dispatch.buffers.length} buffers`);
    }
    const places = placesOf(dispatch, shader, program);
    const beyond = places.find(({ index, end }) => end > program.buffers[index]!.bytes);
    if (beyond !== undefined) return fault(`a window ends beyond the buffer ${beyond.index}`);
    const isTwice = places.some((place, i) =>
      places.some(
        (other, j) =>
          j < i &&
          (place.isWritten || other.isWritten) &&
          other.index === place.index &&
          other.begin < place.end &&
          place.begin < other.end,
      ),
    );
    if (isTwice) return fault("a buffer that is written stands twice");
    if (dispatch.uniforms.length !== shader.uniformWords) {
      return fault(`${dispatch.uniforms.length} uniform words for ${shader.uniformWords}`);
    }
    if (shader.uniformWords > 0 && !hasUniforms) return fault("there is no uniform buffer");
    const written = dispatch.buffers.find((buffer, binding) => {
      const kind = program.buffers[buffer]?.kind;
      return shader.access[binding] === "read_write" && (kind === "input" || kind === "constant");
    });
    if (written !== undefined) {
      return fault(`it may write the ${program.buffers[written]?.kind} buffer ${written}`);
    }
    return [];
  });
}

/** Bytes of its buffer that each binding sees. */
function placesOf(
  { buffers, windows }: Program["dispatches"][number],
  { access }: Program["shaders"][number],
  program: Program,
) {
  return buffers.map((index, binding) => {
    const window = windows?.[binding];
    const begin = window?.offset ?? 0;
    const end = window ? window.offset + window.bytes : (program.buffers[index]?.bytes ?? 0);
    return { index, begin, end, isWritten: access[binding] === "read_write" };
  });
}

function bufferFaults(program: Program): readonly string[] {
  const states = new Set<string>();
  const announced = new Set(program.state.map((slot) => slot.buffer));
  return program.buffers.flatMap((buffer, index) => {
    const fault = (text: string) => [`buffer ${index} (${buffer.name}): ${text}`];
    if (buffer.bytes <= 0 || buffer.bytes % 4 !== 0) return fault(`${buffer.bytes} bytes`);
    if (buffer.kind === "constant") {
      const bytes = Buffer.from(buffer.data ?? "", "base64").byteLength;
      return bytes === buffer.bytes ? [] : fault(`${bytes} bytes of data for ${buffer.bytes}`);
    }
    if (buffer.kind === "uniform") {
      const bytes = program.dispatches.length * uniformStride;
      return bytes === buffer.bytes ? [] : fault(`${buffer.bytes} bytes for blocks of ${bytes}`);
    }
    if (buffer.kind !== "state") return [];
    if (states.has(buffer.name)) return fault("a second state buffer of that name");
    states.add(buffer.name);
    return announced.has(index) ? [] : fault("no state tensor says what it holds");
  });
}

function slotFaults(
  program: Program,
  what: "input" | "state" | "output",
  slots: readonly TensorSlot[],
): readonly string[] {
  const names = new Set<string>();
  return slots.flatMap((slot) => {
    const fault = (text: string) => [`${what} "${slot.name}": ${text}`];
    const buffer = program.buffers[slot.buffer];
    if (buffer === undefined) return fault(`there is no buffer ${slot.buffer}`);
    if (names.has(slot.name)) return fault("the name stands twice");
    names.add(slot.name);
    if (what !== "output" && buffer.kind !== what)
      return fault(`it lies in a ${buffer.kind} buffer`);
    const isAlone = slots.every((other) => other === slot || other.buffer !== slot.buffer);
    if (what === "state" && isAlone && buffer.name !== slot.name) {
      return fault(`its buffer is called "${buffer.name}"`);
    }
    const { offset = 0 } = slot;
    const bytes = bytesOf(slot.shape, slot.type);
    if (offset + bytes > buffer.bytes) {
      const from = offset === 0 ? "" : ` from ${offset}`;
      return fault(`${bytes} bytes${from} in a buffer of ${buffer.bytes}`);
    }
    return [];
  });
}

function memoryFaults(program: Program): readonly string[] {
  const sums = bytesByKind(program);
  return (Object.keys(sums) as (keyof typeof sums)[])
    .filter((kind) => sums[kind] !== program.memory[kind])
    .map((kind) => `memory: ${kind} buffers take ${sums[kind]} bytes, not ${program.memory[kind]}`);
}
