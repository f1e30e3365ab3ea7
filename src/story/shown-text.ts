/** Texts of a file, as much as a reader can use. */

const LONGEST = 240;

/** A text, cut where nobody would read on; what is left out is counted. */
export const shown = (text: string): string =>
  text.length <= LONGEST
    ? text
    : `${text.slice(0, LONGEST)}… (${text.length.toLocaleString('en-US')} characters)`;
