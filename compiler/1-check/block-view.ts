/** A block with everything that sets something in it: its body, what it takes over, overrides. */
import type { Block, Expression, Identifier, State } from "../../grammar/ast.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { note } from "../../grammar/message.ts";
import {
  misplacedBlock,
  misplacedSetting,
  notYet,
  settingTwice,
  unknownOverride,
  unknownSetting,
  unknownVariant,
} from "../../grammar/messages/names.ts";
import { joinSpans, type Span } from "../../grammar/source.ts";
import { configSettings } from "./backbone-settings.ts";
import { describedKind } from "./described-kind.ts";
import type { FileScope, Override } from "./file-scope.ts";
import type { BlockKind, Settings, SettingType } from "./kinds/block-kind.ts";
import { kinds } from "./kinds/index.ts";
import { otherName } from "./other-names.ts";
import { overrideNote } from "./override-note.ts";
import { ownerOf, ownersHelp } from "./setting-owner.ts";
import type { Sink } from "./sink.ts";

/** A setting as somebody wrote it. */
export interface Entry {
  readonly name: Identifier;
  readonly expression: Expression;
  /** Names in the expression are those of this scope. */
  readonly scope: FileScope;
  readonly span: Span;
  readonly fromCommandLine: boolean;
  /** Written in a block that this one takes over, not here. */
  readonly isInherited: boolean;
}

/** What is known of a block before its settings are read. */
export interface BlockView {
  readonly description: BlockKind;
  readonly variant: Identifier | undefined;
  readonly header: Span;
  readonly entries: Map<string, Entry>;
  readonly children: Map<string, BlockView>;
  /** Replaces what stands behind `=` of the block. */
  sourceOverride: Override | undefined;
  stateOverride: State | undefined;
}

/** Kind and name: `encoder vision`, without state. */
export function titleSpan(block: Block): Span {
  const { blockKind, name, variant } = block;
  const last = name ?? (variant?.kind === "identifier" ? variant : undefined) ?? blockKind;
  return joinSpans(blockKind.span, last.span);
}

export class BlockViews {
  readonly #sink: Sink;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** The view of a block over that of the block it takes over. Reports what does not belong in it. */
  view(
    block: Block,
    scope: FileScope,
    description: BlockKind,
    overrides: readonly Override[],
    base?: BlockView,
  ): BlockView {
    const view: BlockView = {
      description,
      variant: this.#variant(block, description, base) ?? base?.variant,
      header: titleSpan(block),
      entries: new Map(
        [...(base?.entries ?? [])].map(([name, entry]) => [name, { ...entry, isInherited: true }]),
      ),
      children: new Map(base?.children ?? []),
      sourceOverride: undefined,
      stateOverride: undefined,
    };
    if (!hasKnownVariant(view)) return view;
    for (const statement of block.body?.statements ?? []) {
      if (statement.kind === "setting") {
        const path = statement.path.segments;
        const identifiers = path.filter((segment) => segment.kind === "identifier");
        if (identifiers.length < path.length) continue;
        const { value, span } = statement;
        const given = { value, scope, span, fromCommandLine: false };
        this.#set(view, { path: identifiers, ...given }, false);
      } else if (statement.kind === "block") {
        const kind = describedKind(statement, description, this.#sink);
        if (kind === undefined) continue;
        view.children.set(kind.kind, this.view(statement, scope, kind, []));
      } else if (statement.kind !== "junk") {
        this.#sink.report(
          notYet,
          { what: `\`${statement.kind}\` inside of a block` },
          { primary: { span: statement.span, text: "" } },
        );
      }
    }
    for (const override of overrides) this.#override(view, override);
    return view;
  }

  #variant(
    block: Block,
    description: BlockKind,
    base: BlockView | undefined,
  ): Identifier | undefined {
    const { variant } = block;
    if (variant?.kind !== "identifier") {
      if (variant === undefined && description.variantNeeded && base === undefined)
        this.#variantNeeded(block, description);
      return undefined;
    }
    const known = description.variants?.[variant.text];
    if (known !== undefined) return variant;
    const words = Object.keys(description.variants ?? {});
    const near = words.length === 0 ? undefined : didYouMean(variant.text, words);
    this.#sink.report(
      unknownVariant,
      { noun: description.noun, variant: variant.text },
      {
        primary: {
          span: variant.span,
          text: near === undefined ? "not a variant" : `did you mean \`${near}\`?`,
        },
        notes: words.length === 0 ? [] : [note(`variants: ${words.join(", ")}`)],
        fixes:
          near === undefined
            ? []
            : [
                {
                  title: `write \`${near}\``,
                  edits: [{ span: variant.span, text: near }],
                  safe: true,
                },
              ],
      },
    );
    return variant;
  }

  #variantNeeded(block: Block, description: BlockKind): void {
    const words = Object.keys(description.variants ?? {});
    const what = `${description.noun} needs a variant`;
    this.#sink.report(
      misplacedBlock,
      { what },
      {
        primary: { span: titleSpan(block), text: `add \`: ${words[0]}\`` },
        notes: [note(`variants: ${words.join(", ")}`)],
      },
    );
  }

  #override(view: BlockView, override: Override): void {
    const [head] = override.path;
    if (head !== undefined) {
      this.#set(view, override, true);
    } else if (override.value.kind === "state") {
      view.stateOverride = override.value;
    } else {
      view.sourceOverride = override;
    }
  }

  #set(view: BlockView, given: Override, isOverride: boolean): void {
    const [name, ...rest] = given.path;
    if (name === undefined) return;
    if (rest.length > 0) {
      const child = view.children.get(name.text);
      if (child !== undefined) this.#set(child, { ...given, path: rest }, isOverride);
      else
        this.#unknownOverride(view, name, [...view.children.keys(), ...view.entries.keys()], given);
      return;
    }
    const type = settingType(view, name.text);
    if (type?.kind === "tensor" && isOverride && !view.entries.has(name.text)) {
      this.#unknownOverride(view, name, [...view.entries.keys()], given);
      return;
    }
    if (type === undefined) {
      const names = [...settingNames(view), ...view.children.keys()];
      if (isOverride) this.#unknownOverride(view, name, names, given);
      else this.#unknownSetting(view, name, given.scope);
      return;
    }
    const known = view.entries.get(name.text);
    if (known !== undefined && !known.isInherited && !isOverride) {
      this.#sink.report(
        settingTwice,
        { name: name.text },
        {
          primary: { span: given.span, text: "set again" },
          labels: [{ span: known.span, text: "set here first" }],
        },
      );
      return;
    }
    view.entries.set(name.text, {
      name,
      expression: given.value,
      scope: given.scope,
      span: given.span,
      fromCommandLine: given.fromCommandLine,
      isInherited: false,
    });
  }

  #unknownOverride(
    view: BlockView,
    name: Identifier,
    names: readonly string[],
    given: Override,
  ): void {
    const near = names.length === 0 ? undefined : didYouMean(name.text, names);
    const owner = view.header.source.text.slice(view.header.start, view.header.end);
    this.#sink.report(
      unknownOverride,
      { owner: owner.replace(/^.*\s/, ""), name: name.text },
      {
        primary: {
          span: name.span,
          text: near === undefined ? "nothing of this name" : `did you mean \`${near}\`?`,
        },
        notes: [overrideNote(given, view.header.source.name)],
      },
    );
  }

  #unknownSetting(view: BlockView, name: Identifier, scope: FileScope): void {
    const { description } = view;
    const names = settingNames(view);
    const near =
      otherName(name.text, names) ??
      (names.length === 0 ? undefined : didYouMean(name.text, names));
    const variant = view.variant && description.variants?.[view.variant.text];
    const noun = variant?.noun ?? description.noun;
    const child = description.children?.find((kind) => kind === name.text);
    if (child !== undefined) {
      this.#sink.report(
        unknownSetting,
        { noun, name: name.text },
        { primary: { span: name.span, text: `a block: write \`${childForm(child)}\`` } },
      );
      return;
    }
    const owner = ownerOf(name.text, view.description, view.variant?.text);
    if (owner !== undefined && (near === undefined || names.length === 1)) {
      const here = variant === undefined ? description.noun : view.variant!.text;
      this.#sink.report(
        misplacedSetting,
        { name: name.text, owner: owner.noun, here },
        {
          primary: { span: name.span, text: "not used here" },
          labels: [
            {
              span: view.variant?.span ?? view.header,
              text: variant?.about ?? `this is ${description.noun}`,
            },
          ],
          notes: ownersHelp(name.text, owner, scope),
        },
      );
      return;
    }
    this.#sink.report(
      unknownSetting,
      { noun, name: name.text },
      {
        primary: {
          span: name.span,
          text: near === undefined ? "unknown" : `did you mean \`${near}\`?`,
        },
        notes:
          names.length === 0
            ? []
            : [
                note(
                  `settings of \`${view.variant?.text ?? description.kind}\`: ${names.toSorted().join(", ")}`,
                ),
              ],
        fixes:
          near === undefined || view.entries.has(near)
            ? []
            : [
                {
                  title: `write \`${near}\``,
                  edits: [{ span: name.span, text: near }],
                  safe: true,
                },
              ],
      },
    );
  }
}

/** How a block inside of another one is written: `optimizer: adamw { … }`, `save { … }`. */
function childForm(kind: string): string {
  const [variant] = Object.keys(kinds.get(kind)?.variants ?? {});
  return variant === undefined ? `${kind} { … }` : `${kind}: ${variant} { … }`;
}

/** False when the variant is missing or unknown, which was reported: the settings then mean nothing. */
export function hasKnownVariant({ variant, description }: BlockView): boolean {
  if (variant === undefined) return description.variantNeeded !== true;
  return variant.text in (description.variants ?? {});
}

/** Settings of a block with its variant, without those of its backbone's config. */
export function settingsOf(view: BlockView): Settings {
  const { description, variant } = view;
  return {
    ...description.settings,
    ...(variant && description.variants?.[variant.text]?.settings),
  };
}

function settingNames(view: BlockView): readonly string[] {
  return Object.keys(settingsOf(view));
}

/** Type of a setting; undefined when the block has none of this name. */
export function settingType(view: BlockView, name: string): SettingType | undefined {
  const described = settingsOf(view)[name]?.type;
  if (described !== undefined) return described;
  const others = view.variant && view.description.variants?.[view.variant.text]?.others;
  if (others !== undefined) return others.type;
  const { backboneRole } = view.description;
  if (backboneRole === undefined) return undefined;
  const role = backboneRole === "vision" && view.variant?.text === "text" ? "text" : backboneRole;
  return configSettings(role).get(name)?.type;
}
