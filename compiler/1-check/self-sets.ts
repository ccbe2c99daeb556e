/** What enters the shared self-attention of a Q-Former, by name: the first set, then the others. */
import type { QFormerModule } from "./model.ts";

/** Names of the query tokens that a Q-Former can be called with. */
export function queriesOf({ queries, moreQueries }: QFormerModule): readonly string[] {
  return [queries, ...moreQueries].flatMap((each) => (each === undefined ? [] : [each.value]));
}

/** Names of the texts that a Q-Former can be called with. */
export function textsOf({ text, moreTexts }: QFormerModule): readonly string[] {
  return [text, ...moreTexts].flatMap((each) => (each === undefined ? [] : [each.value]));
}
