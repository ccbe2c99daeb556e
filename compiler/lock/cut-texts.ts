/** Texts that keep less of captions than the lock says they hold → warnings. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, report } from "../../grammar/message.ts";
import { textCut } from "../../grammar/messages/lints.ts";
import type { CheckedData, CheckedModel } from "../1-check/model.ts";
import { textsOfObjective } from "../1-check/reach.ts";
import type { Lock } from "./lock.ts";

/** `nameOf` gives the name of a data set as locks write it. */
export function cutTexts(
  model: CheckedModel,
  lock: Lock,
  nameOf: (data: CheckedData) => string,
): readonly Diagnostic[] {
  return [...model.stages.values()].flatMap((stage) => {
    const data = model.data.get(stage.data.value);
    const whole = data?.source.value;
    const parts = whole?.kind === "mix" ? whole.of.map((part) => part.data) : data ? [data] : [];
    const names = stage.minimize.flatMap(({ objective }) => {
      const found = model.objectives.get(objective);
      return found === undefined ? [] : textsOfObjective(found, model);
    });
    return [...new Set(names)].flatMap((name) => {
      const text = model.texts.get(name);
      if (text === undefined || text.field.value !== "caption") return [];
      return parts.flatMap((part) => {
        const locked = lock.data?.find((each) => each.name === nameOf(part));
        const tokens = locked?.tokens?.[text.tokenizer.value];
        const kept = text.maxLength.value;
        if (tokens === undefined || tokens <= kept) return [];
        return [
          report(
            textCut,
            { text: name, kept, data: part.name, tokens },
            {
              primary: { span: text.maxLength.span, text: "longer texts are cut here" },
              labels: [{ span: part.source.span, text: "blip.lock knows their lengths" }],
              notes: [help(`\`max_len = ${tokens} tokens\` keeps 19 of 20 whole`)],
            },
          ),
        ];
      });
    });
  });
}
