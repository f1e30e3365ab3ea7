/** The exit codes of every command: the outcome of a run, for the shell. */
export const EXIT = { holds: 0, violated: 1, badUsage: 2, inconclusive: 3, internal: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The order in which one exit code stands for several: a known fault goes before an unknown outcome. */
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
