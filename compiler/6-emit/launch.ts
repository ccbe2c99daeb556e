/** What every kernel kind emits, and the choice between four elements a thread and one. */

import type { Temporary } from "../5-schedule/kernel.ts";
import type { Variable } from "../5-schedule/linear.ts";
import type { Node } from "../ir/node.ts";
import type { DispatchWindow, Shader, Target } from "../program.ts";
import { ExpressionText, NotWide } from "./expression-text.ts";
import { type BufferWindow, ShaderText } from "./shader-text.ts";

export interface EmitContext {
  readonly target: Target;
  /** Buffer of a node as read, or of a node or parameter as written. */
  readonly bufferOf: (node: Node | Temporary) => number;
  /** Buffers that are not bound whole. */
  readonly windows: ReadonlyMap<number, BufferWindow>;
}

/** A shader and how it is launched. */
export interface Launch {
  readonly shader: Shader;
  readonly buffers: readonly number[];
  readonly windows?: readonly (DispatchWindow | null)[];
  readonly uniforms: readonly number[];
  readonly grid: readonly [number, number, number];
}

/** A shader and its grid. */
export type Emitted = { readonly shader: Shader; readonly grid: readonly [number, number, number] };

/**
 * Tries four elements at a time along `vector`, else one. `emit` may run several times.
 * @param mostFours with more accesses of four elements in the text, one at a time is better
 */
export function wideOrNot(
  vector: Variable | undefined,
  context: EmitContext,
  emit: (text: ExpressionText, vector: Variable | undefined) => Emitted,
  mostFours = Number.POSITIVE_INFINITY,
): Launch {
  if (vector !== undefined && vector.extent % 4 === 0) {
    try {
      return emitted(vector, context, (text, by) => {
        const result = emit(text, by);
        if (text.shader.fours > mostFours) throw new NotWide();
        return result;
      });
    } catch (error) {
      if (!(error instanceof NotWide)) throw error;
    }
  }
  return emitted(undefined, context, emit);
}

/** The first pass finds which buffers are bound as vectors; the second prints with that knowledge. */
export function emitted(
  vector: Variable | undefined,
  context: EmitContext,
  emit: (text: ExpressionText, vector: Variable | undefined) => Emitted,
): Launch {
  const scout = new ShaderText(undefined, context.windows);
  emit(new ExpressionText(scout, context.bufferOf, vector), vector);
  const shader = new ShaderText(scout.usedWide, context.windows);
  const result = emit(new ExpressionText(shader, context.bufferOf, vector), vector);
  const { buffers, uniforms, windows } = shader;
  return { ...result, buffers, uniforms, ...(windows === undefined ? {} : { windows }) };
}
