/** The exit codes of every command: what a run comes to, as the shell is told. */
export const EXIT = { holds: 0, violated: 1, badUsage: 2, inconclusive: 3, internal: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Which exit code speaks for several: what is known to be wrong goes before what is not known. */
const GRAVEST_FIRST: readonly ExitCode[] = [
  EXIT.internal,
  EXIT.badUsage,
  EXIT.violated,
  EXIT.inconclusive,
  EXIT.holds,
];

/** The gravest of several exit codes; 0 for none. */
export const gravest = (codes: readonly ExitCode[]): ExitCode =>
  GRAVEST_FIRST.find((code) => codes.includes(code)) ?? EXIT.holds;
