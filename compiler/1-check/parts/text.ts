/** A `text` block -> its tokenizer, form and length. */
import { didYouMean } from "../../../grammar/did-you-mean.ts";
import { note } from "../../../grammar/message.ts";
import { missingSetting, unknownBackbone } from "../../../grammar/messages/names.ts";
import { backbone } from "../../backbones/index.ts";
import { tokenizerNames } from "../backbone-roles.ts";
import { titleSpan } from "../block-view.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedText, Placed, TextForm } from "../model.ts";
import type { Value } from "../value.ts";
import type { Parts } from "./parts.ts";
import { partName, referredBlock } from "./references.ts";

interface Tokenizer {
  readonly name: string;
  readonly form: TextForm;
  readonly vocabulary: number;
}

/** The tokenizer of a backbone for language or for a bridge. */
export function tokenizerOf(role: "lm" | "qformer", name: string, vocabulary: number): Tokenizer {
  if (name.startsWith("shapes"))
    return { name: "shapes", form: role === "lm" ? "lm" : "bert", vocabulary };
  return role === "lm"
    ? { name: name.startsWith("opt") ? "opt" : name, form: "lm", vocabulary }
    : { name, form: "bert", vocabulary };
}

function namedTokenizer(name: string): Tokenizer | undefined {
  const bridge = backbone("bridge", name === "shapes" ? "shapes-bert" : name);
  if (bridge !== undefined) return tokenizerOf("qformer", name, bridge.config.vocabulary);
  const lm = backbone("decoder", name === "opt" ? "opt-125m" : name);
  return lm && tokenizerOf("lm", name.replace(/^[^/]+\//, ""), lm.config.vocabulary);
}

/** Undefined when the tokenizer is unknown. */
export function checkedText(block: BlockDeclaration, parts: Parts): CheckedText | undefined {
  const { context } = parts;
  const reader = context.reader(block);
  if (reader === undefined) return undefined;
  context.refuseState(block);
  reader.requireAll();
  const root = context.chain(block).at(-1) ?? block;
  const source = context.source(root);
  const header = titleSpan(block.statement);
  const maxLength = reader.number("max_len", 1);
  if (source === undefined) {
    context.sink.report(
      missingSetting,
      { owner: `text \`${block.name}\``, name: '= "…"' },
      { primary: { span: header, text: "which tokenizer?" } },
    );
    return undefined;
  }
  const tokenizer = readTokenizer(source, parts, block);
  if (tokenizer === "reported") return undefined;
  if (tokenizer === undefined) {
    reader.wrongType(
      block.name,
      'a tokenizer such as `"bert-base-uncased"` or `opt.tokenizer`',
      source,
    );
    return undefined;
  }
  return {
    name: partName(block, parts),
    header,
    tokenizer: { value: tokenizer.name, span: source.origin, isDefault: false },
    form: reader.word<TextForm>("form", tokenizer.form).value,
    vocabulary: tokenizer.vocabulary,
    maxLength: maxLength as Placed<number>,
    field: reader.word<"caption" | "question">("field", "caption"),
    suffix: reader.string("suffix", ""),
    prompt: reader.string("prompt", ""),
  };
}

function readTokenizer(
  source: Value,
  parts: Parts,
  block: BlockDeclaration,
): Tokenizer | "reported" | undefined {
  if (source.kind === "string") {
    const known = namedTokenizer(source.value);
    if (known !== undefined) return known;
    const near = didYouMean(source.value, tokenizerNames);
    parts.context.sink.report(
      unknownBackbone,
      { name: source.value },
      {
        primary: {
          span: source.origin,
          text: near === undefined ? "no tokenizer of this name" : `did you mean "${near}"?`,
        },
        notes: [
          note(
            `tokenizers available: ${tokenizerNames.join(", ")}, and \`.tokenizer\` of a language model`,
          ),
        ],
      },
    );
    return "reported";
  }
  if (source.kind !== "member" || source.name.text !== "tokenizer") return undefined;
  const owner = referredBlock(source.of, parts, block.name);
  if (owner === "reported") return "reported";
  if (owner?.kind !== "lm") return undefined;
  const module = parts.module(owner);
  return module?.kind === "lm"
    ? tokenizerOf("lm", module.backbone.value, module.vocabulary)
    : "reported";
}
