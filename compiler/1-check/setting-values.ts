/** Values with a form of their own -> what they mean: calls, lists of numbers, initial values, image chains. */
import { textOf } from "../../grammar/source.ts";
import type { Init } from "../ir/signatures.ts";
import type { FeatureCache, ImageStep } from "./model.ts";
import type { Value } from "./value.ts";

/** Links of an image chain. */
export const imageSteps = ["resize", "random_resized_crop", "random_flip", "normalize"];
/** Kinds of initial values. */
export const inits = ["normal", "truncated_normal", "uniform", "zeros", "ones"];

/** The numbers of a list of numbers. */
export function numbersOf(value: Value): readonly number[] | undefined {
  if (value.kind !== "list") return undefined;
  const numbers = value.items.flatMap((item) => (item.kind === "number" ? [item.value] : []));
  return numbers.length === value.items.length ? numbers : undefined;
}

/** Name and arguments of `f(…)` or of a bare `f`. */
export function calledWord(value: Value):
  | {
      readonly name: string;
      readonly positional: readonly Value[];
      readonly named: ReadonlyMap<string, Value>;
    }
  | undefined {
  if (value.kind === "word") return { name: value.text, positional: [], named: new Map() };
  if (value.kind !== "call" || value.callee.kind !== "word") return undefined;
  const positional = value.arguments.flatMap(({ name, value: given }) => (name ? [] : [given]));
  const named = value.arguments.flatMap(({ name, value: given }) =>
    name ? [[name.text, given] as const] : [],
  );
  return { name: value.callee.text, positional, named: new Map(named) };
}

/** The only argument of a call, by position or under `name`, as a number. */
function onlyNumber(value: Value, name: string): number | undefined {
  const call = calledWord(value);
  const given = call?.positional[0] ?? call?.named.get(name);
  return given?.kind === "number" ? given.value : undefined;
}

/** `normal(std: 0.02)` */
export function initOf(value: Value): Init | undefined {
  const name = calledWord(value)?.name;
  if (name === "zeros" || name === "ones") return { kind: name };
  if (name === "normal" || name === "truncated_normal") {
    const std = onlyNumber(value, "std");
    const kind = name === "normal" ? "normal" : "truncated-normal";
    return std === undefined || std < 0 ? undefined : { kind, std };
  }
  if (name === "uniform") {
    const bound = onlyNumber(value, "bound");
    return bound === undefined || bound < 0 ? undefined : { kind: "uniform", bound };
  }
  return undefined;
}

/** `features` or `features(dtype: f32)` */
export function cacheOf(value: Value): FeatureCache | undefined {
  const call = calledWord(value);
  if (call?.name !== "features" || call.positional.length > 0) return undefined;
  const names = [...call.named.keys()];
  if (names.some((name) => name !== "dtype")) return undefined;
  const dtype = call.named.get("dtype");
  if (dtype === undefined) return { dtype: "f16" };
  const word = dtype.kind === "word" ? dtype.text : undefined;
  return word === "f16" || word === "f32" ? { dtype: word } : undefined;
}

/** A link of an image chain. */
export function imageStepOf(value: Value): ImageStep | undefined {
  const call = calledWord(value);
  if (call === undefined) return undefined;
  const size = onlyNumber(value, "size");
  switch (call.name) {
    case "resize":
      return size === undefined ? undefined : { kind: "resize", size };
    case "random_resized_crop": {
      const scale = call.named.get("scale");
      const range = scale === undefined ? [0.5, 1] : numbersOf(scale);
      if (size === undefined || range?.length !== 2) return undefined;
      return { kind: "random_resized_crop", size, scale: [range[0]!, range[1]!] };
    }
    case "random_flip":
      return { kind: "random_flip" };
    case "normalize": {
      const statistics = call.positional[0];
      const isClip = statistics?.kind === "string" && statistics.value === "clip";
      return isClip ? { kind: "normalize", statistics: "clip" } : undefined;
    }
    default:
      return undefined;
  }
}

/** The forms of the links of an image chain. */
const linkForms: Readonly<Record<string, string>> = {
  resize: "`resize(224)`, with the pixels a side",
  random_resized_crop: "`random_resized_crop(224, scale: [0.5, 1.0])`",
  normalize: '`normalize("clip")` and no other statistics',
};

/** What should stand in place of a link that is none. */
export function wantedLink(link: Value): string {
  const form = linkForms[calledWord(link)?.name ?? ""];
  return form ?? 'links such as `resize(224)`, `random_flip` and `normalize("clip")`';
}

/** `flip`, `crop`: links by other names. */
const otherLinks: Readonly<Record<string, string>> = {
  flip: "random_flip",
  horizontal_flip: "random_flip",
  crop: "random_resized_crop(224)",
  random_crop: "random_resized_crop(224)",
};

/** `resize(224).normalize("clip")` or a list of links with arrows; undefined when it is no such chain. */
export function chainOf(link: Value): string | undefined {
  if (link.kind === "word") return otherLinks[link.text];
  if (link.kind === "list") return link.items.map(({ span }) => textOf(span)).join(" -> ");
  const links: string[] = [];
  let at: Value = link;
  while (at.kind === "call" && at.callee.kind === "member") {
    const { of, name }: Extract<Value, { kind: "member" }> = at.callee;
    links.unshift(textOf({ ...at.span, start: name.span.start }));
    at = of;
  }
  return links.length === 0 ? undefined : [textOf(at.span), ...links].join(" -> ");
}
