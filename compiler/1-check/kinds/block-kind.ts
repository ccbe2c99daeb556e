/** What a kind of block is, as data: its variants, its settings and the type of each. */

/** What a setting takes. */
export type SettingType =
  /** A number; `units` names the one it is counted in, which must be written when `unitNeeded`. */
  | {
      readonly kind: "number";
      readonly integer?: boolean;
      readonly least?: number;
      readonly above?: number;
      readonly most?: number;
      readonly unit?: string;
      readonly unitNeeded?: boolean;
    }
  /** `5_000 steps`, `10 epochs`, `1_000_000 samples`; 0 is one unless `isPositive`. */
  | { readonly kind: "amount"; readonly isPositive?: boolean }
  /** `24 GiB` */
  | { readonly kind: "size" }
  | { readonly kind: "word"; readonly choices: readonly string[] }
  | { readonly kind: "boolean" }
  | { readonly kind: "string" }
  | { readonly kind: "numbers"; readonly count: number }
  /** `normal(std: 0.02)` */
  | { readonly kind: "init" }
  /** `"file.safetensors"` or `random` */
  | { readonly kind: "weights" }
  /** `features` or `features(dtype: f32)` */
  | { readonly kind: "cache" }
  /** `image[224, 224, 3]`, or a text for a tower of text. */
  | { readonly kind: "input" }
  /** `resize(224) -> random_flip -> normalize("clip")` */
  | { readonly kind: "image-chain" }
  /** A tensor expression over outputs of the model and the other settings of the block. */
  | { readonly kind: "tensor" }
  /** `blocks[0..20]`, or a list of parts of the module. */
  | { readonly kind: "parts" }
  /** A part of the model: what exactly is said by the rule that reads it. */
  | { readonly kind: "wiring" };

export interface SettingDescription {
  readonly type: SettingType;
  /** One line for documentation and completion. */
  readonly about: string;
  readonly required?: boolean;
}

export type Settings = Readonly<Record<string, SettingDescription>>;

export interface Variant {
  /** With an article: `a contrastive objective`. */
  readonly noun: string;
  /** One line on what it does, for messages: `matching is a 2-way classifier`. */
  readonly about: string;
  readonly settings: Settings;
  /** What a setting of any other name is; absent: there are no others. */
  readonly others?: SettingDescription;
}

export interface BlockKind {
  readonly kind: string;
  /** With an article: `an encoder`. */
  readonly noun: string;
  /** True: `frozen` or `trainable` must be said. */
  readonly hasWeights: boolean;
  /** Blocks inside of others have no name. */
  readonly isNamed: boolean;
  /** A backbone, a tokenizer, a call or two ends stand behind `=`; absent: nothing does but another block of the kind. */
  readonly hasSource?: true;
  readonly settings: Settings;
  readonly variants?: Readonly<Record<string, Variant>>;
  readonly variantNeeded?: boolean;
  /** Fields of these backbones' config are settings too, in snake_case. */
  readonly backboneRole?: "vision" | "text" | "bridge" | "decoder";
  /** Kinds that may stand inside. */
  readonly children?: readonly string[];
}
