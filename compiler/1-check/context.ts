/** What all checks share: the scopes, values, and views of blocks, each made once. */

import { help, note } from "../../grammar/message.ts";
import { stateNotSaid, stateOfNothing } from "../../grammar/messages/freezing.ts";
import { partNotDeclared } from "../../grammar/messages/names.ts";
import type { Span } from "../../grammar/source.ts";
import { tokenizerNames } from "./backbone-roles.ts";
import { type BlockView, BlockViews, hasKnownVariant, titleSpan } from "./block-view.ts";
import { describedKind } from "./described-kind.ts";
import { Evaluator, reportUnknownName, undeclaredRoot, unknownNameKey } from "./evaluate.ts";
import {
  activeBlocks,
  type BlockDeclaration,
  type FileScope,
  qualifiedName,
} from "./file-scope.ts";
import type { ModuleState, Placed } from "./model.ts";
import { Params } from "./params.ts";
import { SettingReader } from "./setting-reader.ts";
import type { Sink } from "./sink.ts";
import { reportSource } from "./sourceless.ts";
import type { Value } from "./value.ts";

export class Context {
  readonly root: FileScope;
  readonly sink: Sink;
  readonly params: Params;
  readonly evaluator: Evaluator;
  /** Blocks of the pipeline in the order in which they stand. */
  readonly active: readonly BlockDeclaration[];
  readonly #views: BlockViews;
  readonly #viewOf = new Map<BlockDeclaration, BlockView | undefined>();
  readonly #sourceOf = new Map<BlockDeclaration, Value | undefined>();
  readonly #exceptOf = new Map<BlockDeclaration, readonly Value[]>();

  constructor(root: FileScope, sink: Sink) {
    this.root = root;
    this.sink = sink;
    this.params = new Params(sink);
    this.evaluator = new Evaluator(sink, (declaration) => this.params.value(declaration));
    this.params.evaluator = this.evaluator;
    this.active = activeBlocks(root);
    this.#views = new BlockViews(sink);
  }

  /** The block with all that sets something in it; undefined when its kind is none. */
  view(block: BlockDeclaration): BlockView | undefined {
    if (this.#viewOf.has(block)) return this.#viewOf.get(block);
    this.#viewOf.set(block, undefined);
    const description = describedKind(block.statement, undefined, this.sink);
    if (description === undefined) return undefined;
    const overrides = block.scope.overrides
      .filter(({ path }) => path[0]?.text === block.name)
      .map((override) => ({ ...override, path: override.path.slice(1) }));
    const source = this.#ownSource(
      block,
      overrides.findLast(({ path }) => path.length === 0),
    );
    const isReported = source === undefined && this.#hasWrittenSource(block);
    const base = source?.kind === "block" ? this.view(source.block) : undefined;
    if (isReported || (source?.kind === "block" && base === undefined)) return undefined;
    const takesOver = base?.description === description ? base : undefined;
    if (source !== undefined && takesOver === undefined && !description.hasSource) {
      reportSource(description, block.name, source, this.sink);
      return undefined;
    }
    const view = this.#views.view(block.statement, block.scope, description, overrides, takesOver);
    if (!hasKnownVariant(view)) return undefined;
    this.#viewOf.set(block, view);
    return view;
  }

  /** What stands behind `=`, overrides included; undefined when nothing does or it was reported. */
  source(block: BlockDeclaration): Value | undefined {
    if (!this.#sourceOf.has(block)) this.view(block);
    return this.#sourceOf.get(block);
  }

  /** What stands in the `.except(…)` behind the part that a block takes over. */
  exceptOf(block: BlockDeclaration): readonly Value[] | undefined {
    this.source(block);
    return this.#exceptOf.get(block);
  }

  #ownSource(
    block: BlockDeclaration,
    override: FileScope["overrides"][number] | undefined,
  ): Value | undefined {
    const isSource = override !== undefined && override.value.kind !== "state";
    const { source } = block.statement;
    let value: Value | undefined;
    if (isSource) {
      value = this.evaluator.value(override.value, override.scope, override.fromCommandLine);
      if (value.kind === "word" && override.fromCommandLine) {
        value = { kind: "string", value: value.text, span: value.span, origin: value.origin };
      }
    } else if (source !== undefined) {
      value = this.evaluator.value(source, block.scope);
    }
    if (value?.kind === "call" && value.callee.kind === "member") {
      const { of, name } = value.callee;
      const isTaken = of.kind === "block" || undeclaredRoot(of) !== undefined;
      if (name.text === "except" && isTaken) {
        this.#exceptOf.set(
          block,
          value.arguments.map(({ value: given }) => given),
        );
        value = of;
      }
    }
    const unknown = value && undeclaredRoot(value);
    if (unknown !== undefined) {
      const isTokenizer = block.kind === "text" && tokenizerNames.includes(unknown.text);
      const quoted = isTokenizer ? JSON.stringify(unknown.text) : undefined;
      reportUnknownName(unknown, this.sink, undefined, quoted);
      value = undefined;
    }
    const given = value?.kind === "missing" ? undefined : value;
    this.#sourceOf.set(block, given);
    return given;
  }

  /** True when something stands behind `=` of the block or was set there. */
  #hasWrittenSource(block: BlockDeclaration): boolean {
    const isSet = ({ path, value }: FileScope["overrides"][number]) =>
      path.length === 1 && path[0]?.text === block.name && value.kind !== "state";
    return block.statement.source !== undefined || block.scope.overrides.some(isSet);
  }

  reader(block: BlockDeclaration): SettingReader | undefined {
    const view = this.view(block);
    if (view === undefined) return undefined;
    return new SettingReader(
      view,
      `${view.description.kind} \`${block.name}\``,
      this.evaluator,
      this.sink,
    );
  }

  /** The block itself, then the one it takes over, and so on. */
  chain(block: BlockDeclaration): readonly BlockDeclaration[] {
    const chain: BlockDeclaration[] = [];
    for (let at: BlockDeclaration | undefined = block; at !== undefined && !chain.includes(at); ) {
      chain.push(at);
      const source: Value | undefined = this.source(at);
      at = source?.kind === "block" ? source.block : undefined;
    }
    return chain;
  }

  /** The block of this pipeline that is, takes over, or by its name replaces the given one. */
  local(block: BlockDeclaration): BlockDeclaration | undefined {
    if (this.active.includes(block)) return block;
    return (
      this.active.find((each) => this.chain(each).includes(block)) ??
      this.active.find((each) => each.kind === block.kind && each.name === block.name)
    );
  }

  /** As `local`, reporting when this pipeline does not declare the part. */
  localPart(block: BlockDeclaration, reader: string, at: Span): BlockDeclaration | undefined {
    const local = this.local(block);
    if (local !== undefined) return local;
    const part = qualifiedName(block);
    if (!this.sink.isFirst(unknownNameKey(this.root.source.name, block.name))) return undefined;
    this.sink.report(
      partNotDeclared,
      { reader, part },
      {
        primary: { span: at, text: `wired to \`${part}\`` },
        labels: [{ span: titleSpan(block.statement), text: "declared in that file" }],
        notes: [help(`write \`frozen ${block.kind} ${block.name} = ${part}\` or \`trainable …\``)],
      },
    );
    return undefined;
  }

  /** `frozen` or `trainable` as said in front of the block or by an override; reports when neither is. */
  state(block: BlockDeclaration): Placed<ModuleState> {
    const view = this.view(block);
    const said = block.statement.state;
    const state = view?.stateOverride ?? said;
    if (state !== undefined) return { value: state.state, span: state.span, isDefault: false };
    const header = titleSpan(block.statement);
    const from = this.chain(block)[1];
    const base = from?.statement.state?.state;
    const isTrainedOn = block.kind === "qformer" || block.kind === "queries";
    const continued =
      base === "trainable" && isTrainedOn ? ", and BLIP-2 keeps training it in stage 2" : "";
    const notes = [
      note(
        base === undefined
          ? "there is no default: it decides memory, speed and the result"
          : `there is no default: in ${from === undefined ? "" : nameOfFile(from)} it was \`${base}\`${continued}`,
      ),
    ];
    const headerText = block.statement.header.source.text.slice(
      block.statement.header.start,
      block.statement.header.end,
    );
    const isUsuallyFrozen = block.kind === "encoder" || block.kind === "lm";
    const wanted = base ?? (isUsuallyFrozen ? "frozen" : "trainable");
    const open = block.statement.body === undefined ? "" : " {";
    this.sink.report(
      stateNotSaid,
      { name: block.name },
      {
        primary: { span: header, text: "no `frozen` or `trainable` in front" },
        notes: [...notes, help(`write \`${wanted} ${headerText}${open}\`  (fix available)`)],
        fixes: [
          {
            title: `write \`${wanted}\` in front`,
            edits: [{ span: { ...header, end: header.start }, text: `${wanted} ` }],
            safe: false,
          },
        ],
      },
    );
    return { value: wanted, span: header, isDefault: true };
  }

  /** Reports `frozen` or `trainable` in front of a block without weights. */
  refuseState(block: BlockDeclaration): void {
    const { state } = block.statement;
    if (state === undefined) return;
    const noun = this.view(block)?.description.noun ?? "this block";
    this.sink.report(
      stateOfNothing,
      { noun, state: state.state },
      {
        primary: { span: state.span, text: "delete this word" },
        fixes: [{ title: "delete it", edits: [{ span: state.span, text: "" }], safe: false }],
      },
    );
  }
}

/** `stage 1` for stage1.blip, else the name of the file. */
function nameOfFile(block: BlockDeclaration): string {
  const { name } = block.scope.source;
  const stage = /(?:^|\/)stage(\d+)\.blip$/.exec(name);
  return stage === null ? name : `stage ${stage[1]}`;
}
