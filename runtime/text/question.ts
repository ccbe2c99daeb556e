/** Raw question → the cleaned question of LAVIS's `blip_question`. */

/** Settings of `questionProcessor`. */
export interface QuestionOptions {
  /** Words kept from the start; 50 by default. */
  readonly maxWords?: number;
}

/** Lower-case; each of . ! " ( ) * # : ; ~ goes, with nothing in its place; spaces at the end go; the first words stay. */
export function questionProcessor(options: QuestionOptions = {}): (question: string) => string {
  const { maxWords = 50 } = options;
  return (question) => {
    const cleaned = lowercase(question)
      .replaceAll(/[.!"()*#:;~]/g, "")
      .replace(/ +$/, "");
    return words(cleaned, maxWords);
  };
}

/** Python's `str.lower`, which JavaScript's lower-casing without a locale equals (final sigma included). */
export function lowercase(text: string): string {
  return text.toLowerCase();
}

/** The first `count` words, split at single spaces only; the text itself when it has no more. */
export function words(text: string, count: number): string {
  const all = text.split(" ");
  return all.length > count ? all.slice(0, count).join(" ") : text;
}
