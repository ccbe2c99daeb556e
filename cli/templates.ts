/** Name of a template → the files of a new project. They are the package's own pipelines, which its tests run. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What `blipc init` can write. */
export const templateNames = ["minimal", "shapes", "stage1", "stage2"] as const;

/** One of them. */
export type TemplateName = (typeof templateNames)[number];

/** A sentence for each. */
export const templateTexts: Readonly<Record<TemplateName, string>> = {
  minimal: "two small towers and a contrastive loss; runs at once on drawn pictures",
  shapes: "both stages of a tiny BLIP-2 with their weights; runs at once on drawn pictures",
  stage1: "stage 1 of BLIP-2 at its published size, for your own pictures and captions",
  stage2: "both stages of BLIP-2 at their published size, with OPT",
};

/** A file to write, by its path in the project. */
export interface TemplateFile {
  readonly path: string;
  readonly content: Uint8Array;
  /** True: one that is there already is left as it is. */
  readonly isExtra: boolean;
}

/** Files of the package, and where they go. */
const copies: Readonly<Record<TemplateName, Readonly<Record<string, string>>>> = {
  minimal: { "minimal.blip": "train.blip" },
  shapes: {
    "shapes/stage1.blip": "stage1.blip",
    "shapes/stage2.blip": "stage2.blip",
    "shapes/weights/encoder.safetensors": "weights/encoder.safetensors",
    "shapes/weights/lm.safetensors": "weights/lm.safetensors",
  },
  stage1: { "blip2/stage1.blip": "stage1.blip" },
  stage2: { "blip2/stage1.blip": "stage1.blip", "blip2/stage2-opt.blip": "stage2.blip" },
};

/** The pipeline to look at first. */
export function firstPipeline(template: TemplateName): string {
  return template === "minimal" ? "train.blip" : "stage1.blip";
}

/** All files of a template. */
export function templateFiles(template: TemplateName): readonly TemplateFile[] {
  const pipelines = Object.entries(copies[template]).map(([from, path]) => ({
    path,
    content: new Uint8Array(readFileSync(`${pipelinesFolder()}${from}`)),
    isExtra: false,
  }));
  const text = (path: string, content: string) => ({
    path,
    content: new TextEncoder().encode(content),
    isExtra: true,
  });
  return [
    ...pipelines,
    text(".gitignore", "node_modules/\nruns/\n"),
    text(
      ".vscode/extensions.json",
      `${JSON.stringify({ recommendations: ["blipc.blip-vscode"] }, undefined, 2)}\n`,
    ),
  ];
}

/** The package's pipelines lie above both the sources and the built files. */
function pipelinesFolder(): string {
  for (const place of ["../pipelines/", "../../pipelines/", "../../../pipelines/"]) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(`${folder}minimal.blip`)) return folder;
  }
  throw new Error("the package's pipelines are not there");
}
