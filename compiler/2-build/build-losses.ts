/** Objectives of a stage -> scalar losses, metrics, and the similarities that hard negatives are drawn from. */
import type {
  CheckedObjective,
  ContrastiveObjective,
  ExpressionObjective,
  LanguageObjective,
  MatchingObjective,
  TowerContrastiveObjective,
} from "../1-check/model.ts";
import type { VitConfig } from "../backbones/vit.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import { captioning } from "../objectives/captioning.ts";
import { type Contrastive, contrastive, contrastiveSides } from "../objectives/contrastive.ts";
import { language } from "../objectives/language.ts";
import { type MatchingInputs, matching } from "../objectives/matching.ts";
import { towerContrastive, towerSides } from "../objectives/tower-contrastive.ts";
import {
  expressionLoss,
  type WrittenLoss,
  wholeExpressionLoss,
  writtenSimilarity,
} from "./expression.ts";
import type { Hold } from "./hold.ts";
import type { StageParts } from "./stage-parts.ts";

/** What an objective gives. */
export interface Loss {
  readonly loss: Node;
  readonly metrics: ReadonlyMap<string, Node>;
}

/** `[DEC]` of bert-base-uncased stands behind the 30,522 words of BERT; the shapes vocabulary has it at 5. */
export function decodeId(tokenizer: string, vocabulary: number): number {
  return tokenizer === "shapes" ? 5 : vocabulary - 1;
}

/** Losses by name; a contrast that several objectives need is made once. */
export class Losses {
  readonly #parts: StageParts;
  readonly #contrasts = new Map<string, Contrastive>();
  readonly #expressions = new Map<string, WrittenLoss>();

  constructor(parts: StageParts) {
    this.#parts = parts;
  }

  /** The loss of an objective with its metrics, such as `accuracy`. */
  loss(objective: CheckedObjective): Loss {
    switch (objective.variant) {
      case "contrastive": {
        const { loss, accuracy } = this.#contrast(objective);
        return { loss, metrics: new Map([["accuracy", accuracy]]) };
      }
      case "tower-contrastive":
        return this.#towers(objective);
      case "matching":
        return this.#matching(objective);
      case "captioning": {
        const parts = this.#parts;
        const bridge = parts.module("qformer", objective.given.value.module);
        const { ids, mask } = parts.tokens(objective.predict.value);
        const { queries } = objective.given.value;
        const c = parts.config(bridge, queries);
        const past = parts.queryPass(bridge, queries).keysValues;
        const { tokenizer } = parts.text(objective.predict.value);
        const startId = decodeId(tokenizer.value, c.vocabulary);
        const options = { startId, smoothing: objective.smoothing.value };
        const { loss } = captioning(parts.place(bridge), { ids, mask, past }, c, options);
        return { loss, metrics: new Map() };
      }
      case "language":
        return this.#language(objective);
      case "expression":
        return this.#written(objective);
    }
  }

  /** The same over all records of a step. */
  whole(objective: CheckedObjective, hold: Hold): Loss {
    const { name } = objective;
    switch (objective.variant) {
      case "contrastive": {
        const { place, options, sides } = this.#contrastParts(objective);
        const all = heldSides(name, sides, hold);
        const imageIds = this.#imageIds(objective);
        const given = { ...all, imageIds: imageIds && hold.input(imageIds) };
        const { loss, accuracy } = contrastive(place, given, options);
        return { loss, metrics: new Map([["accuracy", accuracy]]) };
      }
      case "tower-contrastive": {
        const { place, options, sides } = this.#towerParts(objective);
        const all = heldSides(name, sides, hold);
        const { loss, accuracy } = towerContrastive(place, all, options);
        return { loss, metrics: new Map([["accuracy", accuracy]]) };
      }
      case "expression":
        return wholeExpressionLoss(objective, this.#parts, hold);
      default:
        invariant(false, () => `${name} compares no records`);
    }
  }

  #contrast(objective: ContrastiveObjective): Contrastive {
    const known = this.#contrasts.get(objective.name);
    if (known !== undefined) return known;
    const { place, options, sides } = this.#contrastParts(objective);
    const imageIds = this.#imageIds(objective);
    const made = contrastive(place, { ...sides, imageIds }, options);
    this.#contrasts.set(objective.name, made);
    return made;
  }

  #imageIds({ imageIds }: ContrastiveObjective): Node | undefined {
    return imageIds.value ? this.#parts.imageIds() : undefined;
  }

  /** What a contrast compares, and how. */
  #contrastParts(objective: ContrastiveObjective) {
    const parts = this.#parts;
    const bridge = parts.module("qformer", objective.image.value.module);
    const reader = parts.module("qformer", objective.text.value.module);
    const text = objective.text.value.text;
    invariant(text !== undefined, "a contrastive objective reads a text");
    const place = parts.contrastHeads(objective);
    const { learned, value } = objective.temperature.value;
    const options = {
      width: objective.width.value,
      smoothing: objective.smoothing.value,
      temperature: value,
      learnsTemperature: learned,
      gradient: objective.gradient.value,
    };
    const queries = parts.queryPass(bridge, objective.image.value.queries).hidden;
    const row = parts.textRow(reader, text);
    return { place, options, sides: contrastiveSides(place, queries, row, options) };
  }

  #written(objective: ExpressionObjective): WrittenLoss {
    const known = this.#expressions.get(objective.name);
    if (known !== undefined) return known;
    const made = expressionLoss(objective, this.#parts);
    this.#expressions.set(objective.name, made);
    return made;
  }

  #towers(objective: TowerContrastiveObjective): Loss {
    const { place, options, sides } = this.#towerParts(objective);
    const { loss, accuracy } = towerContrastive(place, sides, options);
    return { loss, metrics: new Map([["accuracy", accuracy]]) };
  }

  #towerParts(objective: TowerContrastiveObjective) {
    const parts = this.#parts;
    const vision = parts.module("encoder", objective.image.value);
    const words = parts.module("text-encoder", objective.text.value);
    const place = parts.root.at(objective.name);
    const options = {
      width: objective.width.value,
      logScale: objective.logitScale.value.init,
      greatestScale: objective.logitScale.value.most,
      epsilon: (vision.config as unknown as VitConfig).epsilon,
    };
    const sides = towerSides(place, parts.classToken(vision), parts.textVector(words), options);
    return { place, options, sides };
  }

  #matching(objective: MatchingObjective): Loss {
    const parts = this.#parts;
    const { module, text, queries } = objective.pair.value;
    const bridge = parts.module("qformer", module);
    invariant(text !== undefined, "a matching objective reads a text");
    const { ids, mask } = parts.tokens(text);
    const { loss, accuracy } = matching(
      parts.place(bridge),
      {
        image: parts.memory(bridge),
        ids,
        mask,
        ...this.#similarities(objective),
      },
      parts.config(bridge, queries),
    );
    return { loss, metrics: new Map([["accuracy", accuracy]]) };
  }

  /** What negatives are drawn by: nothing when all are as likely. */
  #similarities({ negatives }: MatchingObjective): Partial<MatchingInputs> {
    if (negatives.value.kind === "random") return {};
    const from = this.#parts.model.objectives.get(negatives.value.from);
    const { similarity } = negatives.value;
    if (from?.variant === "expression" && similarity !== undefined)
      return writtenSimilarity(this.#written(from).values, similarity, this.#parts.b);
    invariant(from?.variant === "contrastive", "hard negatives come from a contrastive objective");
    const { imageToText, textToImage } = this.#contrast(from);
    return { imageToText, textToImage, imageIds: this.#imageIds(from) };
  }

  #language(objective: LanguageObjective): Loss {
    const parts = this.#parts;
    const { place, config } = parts.decoder(parts.module("lm", objective.model.value));
    const prefix =
      objective.prefix && parts.prefix(parts.module("adapter", objective.prefix.value));
    const words = { prefix, ...parts.tokens(objective.predict.value) };
    const { loss } = language(place, words, config, "full", objective.smoothing.value);
    return { loss, metrics: new Map() };
  }
}

/** Both sides of a contrast, of all records of a step. */
function heldSides(
  objective: string,
  { images, texts }: { readonly images: Node; readonly texts: Node },
  hold: Hold,
): { readonly images: Node; readonly texts: Node } {
  return {
    images: hold.all(`${objective}.images`, images),
    texts: hold.all(`${objective}.texts`, texts),
  };
}
