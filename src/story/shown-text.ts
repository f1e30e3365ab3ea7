/** Texts of a file, cut to a length that a reader can use. */

const LONGEST = 240;

/** A text, cut after the most characters to show; the rest is counted. */
export const shown = (text: string): string =>
  text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}… (${text.length.toLocaleString('en-US')} characters)`;
