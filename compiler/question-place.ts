/** Where a prompt takes in the question of a record. */
export const questionPlace = "{question}";

/** A prompt with the question in its place. */
export function withQuestion(prompt: string, question: string): string {
  return prompt.replaceAll(questionPlace, () => question);
}
