/** What a run is asked to do, and how it went. */
import { join } from "node:path";
import type { CheckedModel } from "../../compiler/1-check/model.ts";
import type { AdapterChoice } from "../device/find-adapter.ts";
import type { AdapterReport, Device, TilesFor } from "../device/open-device.ts";
import type { FileSystem } from "../weights/file-system.ts";
import type { StoredText } from "./load-pipeline.ts";
import type { LoopOutcome } from "./loop.ts";
import type { Watch } from "./progress.ts";
import type { Project } from "./project.ts";

/** What to run. */
export interface StageRequest {
  readonly model: CheckedModel;
  readonly stage: string;
  readonly project: Project;
  /** All texts, kept in the run folder. */
  readonly pipeline: {
    readonly file: string;
    readonly texts: readonly StoredText[];
    readonly overrides: readonly StoredText[];
  };
  /** Run folder; `runs/PIPELINE/STAGE` when absent. */
  readonly out?: string;
  /** Run folder of the stage that this one continues from. */
  readonly from?: string;
  readonly resume: boolean;
  /** True: an earlier run in the folder is replaced. */
  readonly restart?: boolean;
  /** Ends training at this step; the schedule stays that of the whole run. */
  readonly steps?: number;
  readonly adapter?: AdapterChoice;
  /** What was measured on the adapter; a run that goes on keeps what it began with. */
  readonly tilesFor?: TilesFor;
  /** Folder of what runs may compute anew: kept features; `cache` beside the runs when absent. */
  readonly cache?: string;
  readonly badImages: "skip" | "fail";
  readonly signal?: AbortSignal;
  readonly watch: Watch;
  readonly version: string;
  readonly system?: FileSystem;
  /** Called with each device that the run opens. */
  readonly onDevice?: (device: Device) => void;
}

/** How it went. */
export interface StageOutcome extends LoopOutcome {
  readonly folder: string;
  readonly adapter: AdapterReport;
  readonly seconds: number;
  /** Files of pictures that could not be used. */
  readonly badImages: readonly string[];
}

/** The run folder that a stage has when nobody says otherwise. */
export function defaultRunFolder(project: Project, file: string, stage: string): string {
  const name = file.replace(/^.*\//, "").replace(/\.blip$/, "");
  return join(project.runs, name, stage);
}

/** Tells a remark. */
export function note(request: StageRequest, text: string): void {
  request.watch({ kind: "note", text });
}
