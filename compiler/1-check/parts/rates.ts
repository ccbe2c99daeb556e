/** `lr_for = [rate(vision, 1e-6)]` -> rates of single modules, refused where nothing is updated. */
import { help } from "../../../grammar/message.ts";
import { rateOfFrozen } from "../../../grammar/messages/freezing.ts";
import type { VitConfig } from "../../backbones/vit.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedModule, CheckedOptimizer, Placed } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { calledWord } from "../setting-values.ts";
import type { Parts } from "./parts.ts";
import { referredBlock } from "./references.ts";

/** Shares of `lr`, by module; reports rates of frozen modules and of modules named before. */
export function readRates(
  reader: SettingReader,
  lr: Placed<number>,
  stage: BlockDeclaration,
  parts: Parts,
): CheckedOptimizer["rates"] {
  const value = reader.value("lr_for");
  if (value === undefined) return [];
  const rates: { module: string; scale: number }[] = [];
  const wanted = "rates such as `[rate(vision, 1e-6)]`";
  for (const item of value.kind === "list" ? value.items : [value]) {
    const call = item.kind === "call" ? calledWord(item) : undefined;
    const [target, rate] = call?.name === "rate" ? call.positional : [];
    const block = target && referredBlock(target, parts, stage.name);
    if (block === "reported") continue;
    const module = block && parts.module(block);
    if (block !== undefined && rate?.kind === "number" && module === undefined) continue;
    if (module === undefined || rate?.kind !== "number") {
      reader.wrongType("lr_for", wanted, item, ["rate"]);
      continue;
    }
    if (module.state.value === "trainable") {
      if (rate.value < 0) reader.outOfRange("lr_for", "at least 0", rate.value, rate.span);
      else if (rates.some((each) => each.module === module.name))
        reader.wrongType("lr_for", "each module once", item, ["rate"]);
      else if (lr.value === 0) reader.outOfRange("lr", "above 0 beside `lr_for`", 0, lr.span);
      else rates.push({ module: module.name, scale: rate.value / lr.value });
      continue;
    }
    parts.context.sink.report(
      rateOfFrozen,
      { name: module.name },
      {
        primary: { span: item.span, text: "this would be ignored" },
        labels: [{ span: module.state.span, text: "no weight in here is updated", apart: true }],
        notes: [
          help(
            `delete the rate, or write \`trainable ${block?.kind} ${module.name}\`${costOfTraining(module)}`,
          ),
        ],
      },
    );
  }
  return rates;
}

/** What training an image tower would add: weights in f32, a gradient and two moments each. */
function costOfTraining(module: CheckedModule): string {
  if (module.kind !== "encoder") return "";
  const count = towerParameters(module.config as unknown as VitConfig);
  const now = module.dtype.value === "f16" ? 2 : 4;
  const gibibytes = (count * (16 - now)) / 2 ** 30;
  const size = gibibytes < 1 ? gibibytes.toFixed(2) : gibibytes.toFixed(0);
  const millions = count / 1e6;
  const weights = `${millions < 10 ? millions.toFixed(1) : millions.toFixed(0)} M`;
  return ` (${weights} more trainable weights, about +${size} GiB)`;
}

/** Parameters of an image tower, exact: embeddings, then norms, attention and MLP of each layer. */
export function towerParameters(c: VitConfig): number {
  const { width, mlpWidth, layers, patchSize, channels } = c;
  const tokens = (c.imageSize / patchSize) ** 2 + 1;
  const patches = channels * patchSize ** 2 * width + (c.patchBias ? width : 0);
  const embeddings = patches + width + tokens * width + (c.preNorm ? 2 * width : 0);
  const biases = c.attentionBias === "full" ? 3 : 2;
  const attention = 3 * width * width + biases * width + width * width + width;
  const mlp = 2 * width * mlpWidth + mlpWidth + width;
  return embeddings + layers * (4 * width + attention + mlp);
}
