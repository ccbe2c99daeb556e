/** An `adapter` block -> its module: both widths are inferred from `a -> b`. */
import { missingSetting } from "../../../grammar/messages/names.ts";
import { textOf } from "../../../grammar/source.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { AdapterModule, QFormerModule } from "../model.ts";
import { textsOf } from "../self-sets.ts";
import type { Value } from "../value.ts";
import { moduleBase } from "./module-base.ts";
import { namedParts } from "./module-parts.ts";
import type { Parts } from "./parts.ts";
import { readCall, referredBlock } from "./references.ts";

/** Undefined when one end is unknown. */
export function adapterModule(block: BlockDeclaration, parts: Parts): AdapterModule | undefined {
  const { context } = parts;
  const reader = context.reader(block);
  if (reader === undefined) return undefined;
  const base = moduleBase(block, reader, parts);
  const root = context.chain(block).at(-1) ?? block;
  const source = context.source(root);
  if (source === undefined) {
    context.sink.report(
      missingSetting,
      { owner: `adapter \`${block.name}\``, name: "= a -> b" },
      { primary: { span: base.header, text: "from what to what?" } },
    );
    return undefined;
  }
  const wanted = "a map such as `bridge(q) -> opt.embed`";
  const [from, to] = source.kind === "chain" ? source.links : [];
  if (
    source.kind !== "chain" ||
    source.links.length !== 2 ||
    from === undefined ||
    to === undefined
  ) {
    reader.wrongType(block.name, wanted, source);
    return undefined;
  }
  const input = readCall(from, parts, block.name);
  const target = to.kind === "member" && to.name.text === "embed" ? to.of : undefined;
  const model = target && referredBlock(target, parts, block.name);
  if (
    input === undefined ||
    input === "reported" ||
    input.queries === undefined ||
    input.firstRow
  ) {
    if (input !== "reported")
      reader.wrongType(
        block.name,
        "queries through a Q-Former on the left",
        from,
        undefined,
        calledWithQueries(from, parts),
      );
    return undefined;
  }
  if (model === "reported") return undefined;
  if (model?.kind !== "lm") {
    const meant =
      to.kind === "block" && to.block.kind === "lm" ? `${textOf(to.span)}.embed` : undefined;
    const wanted = "the embeddings of a language model on the right";
    reader.wrongType(block.name, wanted, to, undefined, meant);
    return undefined;
  }
  const bridge = parts.module(input.bridge);
  const lm = parts.module(model);
  if (bridge?.kind !== "qformer" || lm?.kind !== "lm") return undefined;
  if (input.text !== undefined && !readsQuestion(input.text, bridge, parts)) {
    const wanted = `queries, and of texts the question that \`${bridge.name}\` reads,`;
    reader.wrongType(block.name, wanted, from);
    return undefined;
  }
  const variant = reader.view.variant?.text === "mlp" ? "mlp" : "linear";
  return {
    kind: "adapter",
    ...base,
    ...namedParts(block, reader, base.state, 0, parts),
    variant,
    hidden: variant === "mlp" ? reader.number("hidden", lm.width) : reader.default(lm.width),
    input: { value: input.call, span: input.span, isDefault: false },
    target: { value: lm.name, span: to.span, isDefault: false },
    inputWidth: bridge.width,
    outputWidth: lm.width,
  };
}

/** `bridge(q)` for a bare `bridge`. */
function calledWithQueries(value: Value, parts: Parts): string | undefined {
  const block = value.kind === "block" ? parts.context.local(value.block) : undefined;
  const bridge = block?.kind === "qformer" ? parts.module(block) : undefined;
  if (bridge?.kind !== "qformer" || bridge.queries === undefined) return undefined;
  return `${textOf(value.span)}(${bridge.queries.value})`;
}

/** A caption would be read by the model that has to predict it; a question is known beforehand. */
function readsQuestion(block: BlockDeclaration, bridge: QFormerModule, parts: Parts): boolean {
  const text = parts.text(block);
  return text?.field.value === "question" && textsOf(bridge).includes(text.name);
}
