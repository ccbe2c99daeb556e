/** Names of backbones by the kind of block that takes them. */

import type { Label } from "../../grammar/diagnostic.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { help, note } from "../../grammar/message.ts";
import { unknownBackbone, wrongBackbone } from "../../grammar/messages/names.ts";
import type { Span } from "../../grammar/source.ts";
import { type Backbone, backbone, backbones, type Role } from "../backbones/index.ts";
import type { Sink } from "./sink.ts";

/** The word inside of `backbone<…>`. */
export type RoleName = "encoder" | "text" | "qformer" | "lm";

export const roleNames: readonly RoleName[] = ["encoder", "text", "qformer", "lm"];

const roles: Readonly<Record<RoleName, Role>> = {
  encoder: "vision",
  text: "text",
  qformer: "bridge",
  lm: "decoder",
};

const nouns: Readonly<
  Record<
    RoleName,
    { readonly noun: string; readonly plural: string; readonly does: string; readonly keep: string }
  >
> = {
  encoder: {
    noun: "an image encoder",
    plural: "image encoders",
    does: "takes pixels, gives patches",
    keep: "an image backbone",
  },
  text: {
    noun: "a text encoder",
    plural: "text encoders",
    does: "takes tokens, gives vectors",
    keep: "a text backbone",
  },
  qformer: {
    noun: "a Q-Former",
    plural: "Q-Formers",
    does: "takes queries, gives queries",
    keep: "a Q-Former",
  },
  lm: {
    noun: "a language model",
    plural: "language models",
    does: "takes tokens, gives logits",
    keep: "a language model",
  },
};

/** The backbone `name` for a block of kind `role`; reports when there is none, or one of another kind. */
export function findBackbone<N extends RoleName>(
  role: N,
  name: string,
  span: Span,
  needs: Label | undefined,
  sink: Sink,
): Backbone | undefined {
  const found = backbone(roles[role], name);
  if (found !== undefined) return found;
  const other = roleNames.find((each) => backbone(roles[each], name) !== undefined);
  if (other !== undefined) {
    sink.report(
      wrongBackbone,
      { name, is: nouns[other].noun, wanted: nouns[role].noun },
      {
        primary: { span, text: nouns[other].does },
        labels:
          needs === undefined ? [] : [{ ...needs, text: `this block needs ${nouns[role].noun}` }],
        notes:
          other === "lm"
            ? [
                help(
                  `declare it as \`frozen lm opt = "${name}"\` and keep ${nouns[role].keep} here`,
                ),
              ]
            : [],
      },
    );
    return undefined;
  }
  const names = [...backbones[roles[role]].keys()];
  const near =
    didYouMean(name, names) ?? didYouMean(withoutOwner(name), names) ?? nearBackbone(name);
  sink.report(
    unknownBackbone,
    { name },
    {
      primary: { span, text: "not in the registry or blip.lock" },
      notes: [
        ...(near === undefined
          ? []
          : [help(`did you mean "${near}"?  (fix available: blipc fix)`)]),
        note(
          `${nouns[role].plural} available: ${names.toSorted().join(", ")}\nsee them all with: blipc backbones --kind ${role}`,
        ),
      ],
      fixes:
        near === undefined
          ? []
          : [{ title: `write "${near}"`, edits: [{ span, text: `"${near}"` }], safe: true }],
    },
  );
  return undefined;
}

/** The backbone of any kind that a name is, or was probably meant to be. */
export function nearBackbone(name: string): string | undefined {
  const everywhere = roleNames.flatMap((each) => [...backbones[roles[each]].keys()]);
  const bare = withoutOwner(name);
  return (
    everywhere.find((each) => each === name || each === bare) ??
    didYouMean(name, everywhere) ??
    didYouMean(bare, everywhere)
  );
}

/** `opt-2.7b` of `facebook/opt-2.7b`. */
function withoutOwner(name: string): string {
  return name.replace(/^[^/]+\//, "");
}

/** Name under which a backbone is registered: without the owner in front. */
export function registeredName(role: RoleName, name: string): string {
  const table = backbones[roles[role]];
  return table.has(name) ? name : withoutOwner(name);
}

/** Tokenizers that can be named by themselves. */
export const tokenizerNames: readonly string[] = ["bert-base-uncased", "opt", "shapes"];
