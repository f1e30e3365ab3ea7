/** The signs that stand for words in a table or a picture of states. */

/** A sign, by how it is found in a text, with what it means. */
export interface Sign {
  readonly shows: RegExp;
  /** `c1 = logical clock 1`. */
  readonly says: string;
}

/** The meanings of the signs that occur in some of the texts, in the order of the signs. */
export const meaningsOf = (texts: readonly string[], signs: readonly Sign[]): readonly string[] =>
  signs.filter(({ shows }) => texts.some((text) => shows.test(text))).map(({ says }) => says);
