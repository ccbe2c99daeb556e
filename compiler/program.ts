/** What the compiler hands to the runtime: WGSL, buffers and dispatches as plain JSON. Made by `6-emit`, read by `runtime/`. */

/** Storage types of tensors on the device. `bool` is stored as u32 (0 or 1); `f16` is packed two to a u32. */
export type StorageType = "f32" | "f16" | "i32" | "u32";

/**
 * - `lanes`: rows broadcast among the 4 or 8 lanes of a software driver's subgroup, without workgroup memory.
 * - `tiles`: tiles in workgroup memory, for hardware.
 * - `registers`: a small tile a thread, for everything else.
 */
export type ProductClass = "lanes" | "tiles" | "registers";

/** Sizes of subgroup matrices: [rows, depth] times [depth, columns]; multiples of 4. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/**
 * How threads share out a matrix product, one form a class of device; `matrices` where there are subgroup matrices and both
 * operands are f16. None changes a bit of the result.
 */
export type ProductTile = LanesTile | GroupTile | RegistersTile | MatricesTile;

/** What a lane reads at once: one element, four neighbors along the depth, or four neighboring columns. */
export type Reading = "elements" | "depths" | "columns";

/** The part of the result that a subgroup computes. */
export interface LanesTile {
  readonly products: "lanes";
  readonly rows: number;
  /** Each lane has `columns / lanes` of them; a multiple of four where columns are read four at once. */
  readonly columns: number;
  /** Depths a turn of the loop. */
  readonly step: 1 | 2 | 4;
  readonly left: "elements" | "depths";
  readonly right: Reading;
}

/** The part of the result that a workgroup of 8 x 8 threads computes; rows and columns are 32, 64 or 128. */
export interface GroupTile {
  readonly products: "tiles";
  readonly rows: number;
  readonly columns: number;
  /** Depths that stand in workgroup memory at once. */
  readonly depths: number;
}

/** The rows of four columns each that a thread computes. */
export interface RegistersTile {
  readonly products: "registers";
  readonly rows: number;
}

/** The matrices that each of a workgroup's 2 x 2 subgroups computes. */
export interface MatricesTile {
  readonly products: "matrices";
  readonly down: number;
  readonly across: number;
  /** Depths that stand in workgroup memory at once. */
  readonly depths: number;
}

/** Tiles that are not the default, by kind of product (`6-emit/product-kind.ts`). */
export type ProductTiles = Readonly<Record<string, ProductTile>>;

/** What the compiler must know of an adapter. Part of the compiler's input: same target, same bytes. */
export interface Target {
  /** Lanes of a subgroup where the adapter guarantees one size (4 SwiftShader, 8 lavapipe, 32 NVIDIA), else 0. */
  readonly subgroupSize: number;
  /** `cpu`: software driver; kernels without workgroup memory. `gpu`: hardware. */
  readonly deviceClass: "cpu" | "gpu";
  /** How matrix products are made. */
  readonly products: ProductClass;
  /** Subgroup matrices of f16 with f32 sums; null where there are none, or where they do not pay. */
  readonly matrices: MatrixShape | null;
  /** True where kernels may use f16 (WebGPU's feature `shader-f16`), and so write single halves. */
  readonly shaderF16: boolean;
  readonly maxStorageBuffersPerShaderStage: number;
  /** Bytes. */
  readonly maxStorageBufferBindingSize: number;
  /** Bytes. */
  readonly maxBufferSize: number;
  readonly maxComputeInvocationsPerWorkgroup: number;
  readonly maxComputeWorkgroupsPerDimension: number;
  /** What was measured to be faster on the adapter; absent where nothing was. Tiles that a product cannot have are passed over. */
  readonly tiles?: ProductTiles;
}

/** The least that WebGPU promises; `plan` uses it when no adapter was asked. */
export const portableTarget: Target = {
  subgroupSize: 0,
  deviceClass: "gpu",
  products: "registers",
  matrices: null,
  shaderF16: false,
  maxStorageBuffersPerShaderStage: 8,
  maxStorageBufferBindingSize: 134_217_728,
  maxBufferSize: 268_435_456,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupsPerDimension: 65_535,
};

/** Bytes from the uniform block of one dispatch to that of the next: any adapter accepts such offsets. No block is larger. */
export const uniformStride = 256;

/** A named tensor of a program and the buffer that holds it, row-major and dense. */
export interface TensorSlot {
  readonly name: string;
  /** Index into `Program.buffers`. */
  readonly buffer: number;
  /** Bytes from the buffer's begin, a multiple of 256; 0 when absent. */
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly type: StorageType;
}

/**
 * One device allocation.
 * - `input`: written by the host before each run.
 * - `state`: lives longer than the program and is shared by name between programs (weights, moments, running gradients).
 * - `constant`: `data` is uploaded once.
 * - `scratch`: reused within a run by lifetime; holds outputs too.
 * - `uniform`: the uniform blocks of all dispatches in order, `uniformStride` each; at most one a program.
 * - `readback`: all outputs, from which the host reads them; one for each run that may be under way.
 */
export interface BufferSpec {
  readonly kind: "input" | "state" | "constant" | "scratch" | "uniform" | "readback";
  /** Multiple of 4. */
  readonly bytes: number;
  /** State: the tensor's path; a buffer of several tensors has a name of its own. Otherwise a short label. */
  readonly name: string;
  /** Constant buffers: the contents as little-endian bytes in base64. */
  readonly data?: string;
}

/** One WGSL module, entry point `main`. Binding 0 is `var<uniform>` parameters (absent when `uniformWords` is 0). */
export interface Shader {
  readonly wgsl: string;
  /** Access of bindings 1, 2, …: all storage buffers. */
  readonly access: readonly ("read" | "read_write")[];
  /** u32 words of the uniform parameter block, a multiple of 4. */
  readonly uniformWords: number;
  /** True when the text says `enable subgroups;`. */
  readonly needsSubgroups: boolean;
  /** True when the text says `enable f16;`. */
  readonly needsF16: boolean;
  /** True when the text says `enable chromium_experimental_subgroup_matrix;`. */
  readonly needsMatrices: boolean;
}

/** The part of a buffer that a binding sees. Bytes; `offset` is a multiple of 256. */
export interface DispatchWindow {
  readonly offset: number;
  readonly bytes: number;
}

/** One launch of a shader. */
export interface Dispatch {
  /** Index into `Program.shaders`. */
  readonly shader: number;
  /** Buffer indices for bindings 1, 2, …; a buffer stands twice only through windows that do not overlap. */
  readonly buffers: readonly number[];
  /** What each binding sees of its buffer, null for all of it; absent when all bindings see all. */
  readonly windows?: readonly (DispatchWindow | null)[];
  /** Contents of the uniform block (u32 words; same length as the shader's `uniformWords`). */
  readonly uniforms: readonly number[];
  readonly grid: readonly [number, number, number];
  /** What it computes, for profiles and messages: parameter or module path and source position. */
  readonly label: string;
}

/** Everything that one run on the device needs. Plain JSON, validated by `program.schema.json`. */
export interface Program {
  readonly format: "blipc-program";
  readonly version: 1;
  readonly name: string;
  readonly target: Target;
  readonly buffers: readonly BufferSpec[];
  readonly shaders: readonly Shader[];
  readonly dispatches: readonly Dispatch[];
  readonly inputs: readonly TensorSlot[];
  /** State tensors read or written; `written` ones change when the program runs. */
  readonly state: readonly (TensorSlot & { readonly written: boolean })[];
  readonly outputs: readonly TensorSlot[];
  /** Device bytes by kind: what the plan promises and the runtime allocates. */
  readonly memory: {
    readonly state: number;
    readonly input: number;
    readonly constant: number;
    readonly scratch: number;
    readonly uniform: number;
    readonly readback: number;
  };
}
