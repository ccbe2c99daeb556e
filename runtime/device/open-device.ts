/** An adapter → an open device: all it can do asked for, its loss and its stray errors made visible. */
import type { MatrixShape, ProductTiles, Target } from "../../compiler/program.ts";
import { isSoftware } from "./dawn.ts";
import { DeviceLost } from "./errors.ts";
import { type AdapterChoice, type FoundAdapter, findAdapter } from "./find-adapter.ts";
import { expectSoon, installPolling, restorePolling } from "./polling.ts";
import { matrixFeature, matrixShape, productsOf } from "./product-class.ts";

/** What an adapter says of itself and how it was found. */
export interface AdapterReport {
  readonly vendor: string;
  readonly architecture: string;
  readonly name: string;
  /** Driver and version as the driver words it. */
  readonly driver: string;
  readonly isFallbackAdapter: boolean;
  readonly kind: FoundAdapter["kind"];
  /** One sentence: how it was found and why it was taken. */
  readonly why: string;
  /** Lanes; 0 where unknown. */
  readonly subgroupMinSize: number;
  readonly subgroupMaxSize: number;
}

/** An open device. Keep it until `close`. */
export interface Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterReport;
  /** What the compiler must know of it. */
  readonly target: Target;
  /** Subgroup matrices of f16 with f32 sums, also where they do not pay and the target leaves them out. */
  readonly matrices: MatrixShape | null;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  /** Set once the device is gone. */
  readonly loss: DeviceLost | undefined;
  /** Waits for the promise, or throws `DeviceLost` as soon as the device goes. Every wait on the device goes through it. */
  guard<T>(promise: Promise<T>): Promise<T>;
  /** Throws the first error that the device reported outside any scope since the last call. */
  throwStrayError(): void;
  /** A second device of the same kind, for work beside this one; whoever asks for it closes it. Throws `NoAdapter`. */
  another(): Promise<Device>;
  /** Destroys the device; whoever still waits gets `DeviceLost`. */
  close(): void;
}

/** How to open a device. */
export interface DeviceOptions {
  /** Without it: a real GPU, then the system's software driver, then SwiftShader. */
  readonly adapter?: AdapterChoice;
  /** What was measured on the adapter that is found; without it products have their default tiles. */
  readonly tilesFor?: TilesFor;
}

/** Adapter → tiles of products that are faster on it than the default. */
export type TilesFor = (adapter: AdapterReport) => ProductTiles | undefined;

const wantedFeatures: readonly GPUFeatureName[] = [
  "subgroups",
  "shader-f16",
  "timestamp-query",
  matrixFeature,
];

/**
 * Opens a device with all the limits its adapter has.
 * @throws `NoAdapter`
 */
export async function openDevice(options: DeviceOptions = {}): Promise<Device> {
  installPolling();
  try {
    const found = await findAdapter(options.adapter);
    const gpu = await found.adapter.requestDevice({
      requiredLimits: maximalLimits(found.adapter),
      requiredFeatures: wantedFeatures.filter((feature) => found.adapter.features.has(feature)),
    });
    return new OpenDevice(gpu, found, options);
  } catch (error) {
    restorePolling();
    throw error;
  }
}

function limitsOf(limits: GPUSupportedLimits): Readonly<Record<string, number>> {
  const result: Record<string, number> = {};
  for (const name in limits) {
    const value: unknown = limits[name as keyof GPUSupportedLimits];
    if (typeof value === "number") result[name] = value;
  }
  return result;
}

function maximalLimits(adapter: GPUAdapter): Record<string, number> {
  const limits = Object.entries(limitsOf(adapter.limits));
  return Object.fromEntries(limits.filter(([name]) => name.startsWith("max")));
}

/** The compiler's view of a device. */
function targetOf(gpu: GPUDevice, found: FoundAdapter): Target {
  const { info } = found.adapter;
  const { limits } = gpu;
  const hasOneSize = gpu.features.has("subgroups") && info.subgroupMinSize === info.subgroupMaxSize;
  const subgroupSize = hasOneSize ? (info.subgroupMinSize ?? 0) : 0;
  const isCpu = isSoftware(found.adapter);
  return {
    subgroupSize,
    deviceClass: isCpu ? "cpu" : "gpu",
    products: productsOf(subgroupSize, limits.maxComputeWorkgroupStorageSize, isCpu),
    matrices: isCpu || subgroupSize === 0 ? null : matrixShape(gpu, info),
    shaderF16: gpu.features.has("shader-f16"),
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxBufferSize: limits.maxBufferSize,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
    maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
  };
}

/** Milliseconds that a rejected wait gives the loss of the device to be reported. */
const graceForLoss = 200;

class OpenDevice implements Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterReport;
  readonly target: Target;
  readonly matrices: MatrixShape | null;
  readonly features: ReadonlySet<string>;
  readonly limits: Readonly<Record<string, number>>;
  loss: DeviceLost | undefined;
  private isClosed = false;
  private strayError: Error | undefined;
  /** One entry a pending wait; a promise raced for ever would keep every wait's memory. */
  private readonly waiting = new Set<(loss: DeviceLost) => void>();

  private readonly options: DeviceOptions;

  constructor(gpu: GPUDevice, found: FoundAdapter, options: DeviceOptions) {
    this.options = options;
    const { info } = found.adapter;
    this.gpu = gpu;
    this.matrices = matrixShape(gpu, info);
    this.features = new Set(gpu.features);
    this.limits = limitsOf(gpu.limits);
    this.adapter = {
      vendor: info.vendor,
      architecture: info.architecture,
      name: info.device,
      driver: info.description,
      isFallbackAdapter: info.isFallbackAdapter,
      kind: found.kind,
      why: found.why,
      subgroupMinSize: info.subgroupMinSize ?? 0,
      subgroupMaxSize: info.subgroupMaxSize ?? 0,
    };
    const tiles = options.tilesFor?.(this.adapter);
    this.target = { ...targetOf(gpu, found), ...(tiles === undefined ? {} : { tiles }) };
    gpu.addEventListener?.("uncapturederror", (event) => this.report(event.error));
    gpu.lost.then(
      (info) => this.lose(info.reason, info.message),
      (error: unknown) => this.lose("unknown", String(error)),
    );
  }

  guard<T>(promise: Promise<T>): Promise<T> {
    if (this.loss !== undefined) {
      promise.catch(() => {});
      return Promise.reject(this.loss);
    }
    expectSoon();
    return new Promise<T>((resolve, reject) => {
      const onLoss = (loss: DeviceLost) => {
        this.waiting.delete(onLoss);
        reject(loss);
      };
      this.waiting.add(onLoss);
      promise.then(
        (value) => {
          this.waiting.delete(onLoss);
          resolve(value);
        },
        (error: unknown) => {
          // A wait that the loss itself broke is often told first.
          if (!isAbort(error)) return onLossOr(error);
          setTimeout(() => onLossOr(error), graceForLoss);
        },
      );
      const onLossOr = (error: unknown) => {
        if (this.waiting.delete(onLoss)) reject(error);
      };
    });
  }

  throwStrayError(): void {
    const error = this.strayError;
    this.strayError = undefined;
    if (error !== undefined) throw error;
  }

  another(): Promise<Device> {
    return openDevice(this.options);
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.lose("closed", "");
    this.gpu.destroy();
    restorePolling();
  }

  private report(error: GPUError): void {
    this.strayError ??= new Error(`The device reported: ${error.message.trim()}`);
  }

  private lose(reason: DeviceLost["reason"], message: string): void {
    this.loss ??= new DeviceLost(reason, message);
    for (const tell of [...this.waiting]) tell(this.loss);
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === "AbortError" || error.name === "OperationError");
}
