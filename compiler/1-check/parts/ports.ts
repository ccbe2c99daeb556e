/** Ports of objectives: what may be plugged in, and whether both sides fit. */
import { help } from "../../../grammar/message.ts";
import {
  noTextBranch,
  notInSelf,
  tokenizerMismatch,
  wrongPort,
} from "../../../grammar/messages/objectives.ts";
import { textTooLong } from "../../../grammar/messages/types.ts";
import type { Span } from "../../../grammar/source.ts";
import { invariant } from "../../invariant.ts";
import { undeclaredRoot } from "../evaluate.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { AdapterModule, CheckedText, LmModule, QFormerModule } from "../model.ts";
import { queriesOf, textsOf } from "../self-sets.ts";
import type { SettingReader } from "../setting-reader.ts";
import { describe, type Value, withUnderscores } from "../value.ts";
import type { Parts } from "./parts.ts";
import { type ReadCall, readCall, referredBlock } from "./references.ts";
import { tokenizerOf } from "./text.ts";

/** What a port needs to know of its objective. */
export interface Port {
  readonly block: BlockDeclaration;
  readonly reader: SettingReader;
  readonly parts: Parts;
  readonly variant: string;
}

/** Words that are called and declared by nobody. */
const functions = new Set(["hard", "random", "learned"]);

/** Reports that a port takes something else. */
export function wrongPortAt(
  port: Port,
  name: string,
  wanted: string,
  value: Value,
  hint = "",
): void {
  const { reader, parts, block } = port;
  reader.isBroken = true;
  const word = undeclaredRoot(value);
  if (word !== undefined) {
    reader.unknownName(word);
    return;
  }
  if (value.kind === "call" && value.callee.kind === "word" && !functions.has(value.callee.text)) {
    reader.unknownName(value.callee);
    return;
  }
  const given = describe(value);
  parts.context.sink.report(
    wrongPort,
    { port: name, owner: block.name, wanted, given },
    { primary: { span: value.span, text: hint } },
  );
}

/** A port that takes a call of a Q-Former with just these inputs. */
export function bridgePort(
  port: Port,
  name: string,
  wanted: string,
  needs: { readonly queries: boolean; readonly text: boolean },
): ReadCall | undefined {
  const { reader, parts, block } = port;
  const value = reader.value(name);
  if (value === undefined) return undefined;
  const call = readCall(value, parts, block.name);
  if (call === "reported") return undefined;
  const firstRow = needs.text && !needs.queries;
  const fits =
    call !== undefined &&
    (call.queries !== undefined) === needs.queries &&
    (call.text !== undefined) === needs.text &&
    call.firstRow === firstRow;
  const bridge = call && parts.module(call.bridge);
  if (!fits) {
    const report = () => wrongPortAt(port, name, wanted, value, meant(call, needs, parts));
    const text = call?.queries === undefined && needs.queries ? call?.textSpan : undefined;
    if (text !== undefined && bridge?.kind === "qformer" && bridge.queries !== undefined) {
      const queries = bridge.queries.value;
      const objective = block.name;
      parts.withoutQueries.push({ objective, queries, bridge: bridge.name, text, report });
    } else report();
    return undefined;
  }
  if (bridge?.kind !== "qformer") return undefined;
  if (call.text !== undefined) {
    const called = value.kind === "member" ? value.of : value;
    const text = textOfBridge(port, call.text, called.span, bridge, call.bridge);
    if (text === undefined) return undefined;
  }
  return readsQueries(port, call, bridge) ? call : undefined;
}

/** False when the queries do not stand in `self` of the Q-Former, which is reported once a Q-Former. */
export function readsQueries(
  { parts, reader }: Port,
  { queries, bridge: block, span }: ReadCall,
  bridge: QFormerModule,
): boolean {
  if (queries === undefined || queriesOf(bridge).includes(queries.name)) return true;
  reader.isBroken = true;
  const { context } = parts;
  if (!context.sink.isFirst(`queries ${queries.name} of ${bridge.name}`)) return false;
  const self = context.view(block)?.entries.get("self");
  invariant(self !== undefined, "a Q-Former has `self`");
  context.sink.report(
    notInSelf,
    { queries: queries.name, bridge: bridge.name },
    {
      primary: { span, text: `${bridge.name} does not take these queries` },
      labels: [{ span: self.expression.span, text: `what enters ${bridge.name}`, apart: true }],
      notes: [help(`write \`${queries.name}\` among what enters, or call it with queries that do`)],
    },
  );
  return false;
}

/** The call of the same Q-Former that would fit. */
function meant(
  call: ReadCall | undefined,
  needs: { readonly queries: boolean; readonly text: boolean },
  parts: Parts,
): string {
  const bridge = call && parts.module(call.bridge);
  if (bridge?.kind !== "qformer") return "";
  const given = [
    ...(needs.queries && bridge.queries ? [bridge.queries.value] : []),
    ...(needs.text && bridge.text ? [bridge.text.value] : []),
  ];
  const end = needs.queries ? "" : ".cls";
  return given.length === 0 ? "" : `did you mean \`${bridge.name}(${given.join(", ")})${end}\`?`;
}

/** A port that takes a block of one kind. */
export function partPort(
  port: Port,
  name: string,
  kind: string,
  wanted: string,
): { readonly block: BlockDeclaration; readonly span: Span } | undefined {
  const { reader, parts, block } = port;
  const value = reader.value(name);
  if (value === undefined) return undefined;
  const found = referredBlock(value, parts, block.name);
  if (found === "reported") return undefined;
  if (found?.kind === kind) return { block: found, span: value.span };
  wrongPortAt(port, name, wanted, value);
  return undefined;
}

/** Name of a text that a Q-Former reads; reports when it has no text side, another text, or another vocabulary. */
export function textOfBridge(
  port: Port,
  block: BlockDeclaration,
  use: Span,
  bridge: QFormerModule,
  bridgeBlock: BlockDeclaration,
): string | undefined {
  const { parts, variant } = port;
  const { context } = parts;
  const self = context.view(bridgeBlock)?.entries.get("self");
  invariant(self !== undefined, "a Q-Former has `self`");
  if (bridge.text === undefined) {
    if (!context.sink.isFirst(`no text side ${bridge.name}`)) return undefined;
    context.sink.report(
      noTextBranch,
      { variant, objective: port.block.name, bridge: bridge.name },
      {
        primary: { span: use, text: `${bridge.name} cannot take tokens` },
        labels: [
          {
            span: self.expression.span,
            text: `only queries enter ${bridge.name}`,
            apart: true,
          },
        ],
        notes: [
          help(
            `write \`self = [${[bridge.queries?.value, block.name].filter(Boolean).join(", ")}]\`, so that text shares the self-attention with the queries`,
          ),
        ],
      },
    );
    return undefined;
  }
  const text = parts.text(block);
  if (text === undefined) return undefined;
  if (!textsOf(bridge).includes(text.name)) {
    context.sink.report(
      wrongPort,
      {
        port: variant,
        owner: port.block.name,
        wanted: `\`${textsOf(bridge).join("` or `")}\`, the text of \`${bridge.name}\``,
        given: `\`${text.name}\``,
      },
      {
        primary: { span: use, text: "another text" },
        labels: [{ span: bridge.text.span, text: "shares the self-attention" }],
      },
    );
    return undefined;
  }
  const vocabulary = bridge.config["vocabulary"] as number;
  const tokenizer = tokenizerOf("qformer", bridge.backbone.value, vocabulary);
  if (text.tokenizer.value !== tokenizer.name || text.form !== "bert") {
    reportTokenizer(
      port,
      text,
      block,
      use,
      { name: bridge.name, vocabulary },
      bridge.backbone.span,
      `write \`text ${block.name} = "${tokenizer.name}"\`, the tokenizer of \`${bridge.name}\``,
    );
    return undefined;
  }
  const positions = bridge.config["positions"] as number;
  return lengthFits(port, text, bridge.name, positions, bridge.backbone.span)
    ? text.name
    : undefined;
}

/** Name of a text that a language model predicts; reports another vocabulary or too long a text. */
export function textFitsLm(
  port: Port,
  predict: { readonly block: BlockDeclaration; readonly span: Span },
  modelSpan: Span,
  lm: LmModule,
  adapter: AdapterModule | undefined,
): string | undefined {
  const { parts } = port;
  const text = parts.text(predict.block);
  if (text === undefined) return undefined;
  const tokenizer = tokenizerOf("lm", lm.backbone.value, lm.vocabulary);
  if (text.tokenizer.value !== tokenizer.name || text.form === "bert") {
    reportTokenizer(
      port,
      text,
      predict.block,
      predict.span,
      { name: lm.name, vocabulary: lm.vocabulary },
      modelSpan,
    );
    return undefined;
  }
  const queriesName = adapter?.input.value.queries;
  const queriesBlock = parts.context.active.find((each) => each.name === queriesName);
  const queries = queriesBlock && parts.module(queriesBlock);
  const taken = queries?.kind === "queries" ? queries.count.value : 0;
  const positions = (lm.config["positions"] as number) - taken;
  return lengthFits(port, text, lm.name, positions, lm.backbone.span) ? text.name : undefined;
}

function reportTokenizer(
  port: Port,
  text: CheckedText,
  block: BlockDeclaration,
  use: Span,
  model: { readonly name: string; readonly vocabulary: number },
  modelSpan: Span,
  advice = `declare \`text prompt = ${model.name}.tokenizer { … }\` and predict \`prompt\``,
): void {
  const { sink } = port.parts.context;
  if (!sink.isFirst(`tokenizer of ${text.name} for ${model.name}`)) return;
  sink.report(
    tokenizerMismatch,
    {
      text: block.name,
      tokenizer: `${text.tokenizer.value}${text.form === "bert" ? "" : ` (${text.form})`}`,
      model: model.name,
    },
    {
      primary: { span: use, text: `vocabulary: ${withUnderscores(text.vocabulary)} entries` },
      labels: [
        { span: modelSpan, text: `vocabulary: ${withUnderscores(model.vocabulary)} entries` },
      ],
      notes: [help(advice)],
    },
  );
}

function lengthFits(
  port: Port,
  text: CheckedText,
  reader: string,
  positions: number,
  place: Span,
): boolean {
  const length = text.maxLength.value;
  if (length <= positions) return true;
  port.parts.context.sink.report(
    textTooLong,
    { text: text.name, length, reader, positions },
    {
      primary: { span: text.maxLength.span, text: `at most ${positions} tokens fit` },
      labels: [{ span: place, text: `${positions} positions are left for text` }],
      notes: [help(`write \`max_len = ${positions} tokens\``)],
    },
  );
  return false;
}
