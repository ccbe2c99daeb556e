/** WebGPU's usage bits (GPUBufferUsage, GPUMapMode, GPUShaderStage), which Node has no globals for. */

/** GPUBufferUsage. */
export const usage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
  indirect: 0x100,
  queryResolve: 0x200,
} as const;

/** GPUMapMode.READ. */
export const mapForReading = 1;

/** GPUShaderStage.COMPUTE. */
export const computeStage = 4;
