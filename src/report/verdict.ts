/** What a verdict means to the shell and to a person. */
import { match } from 'ts-pattern';
import type { ExplorationResult, Result } from './schemas.js';

/** The exit codes of every command. */
export const EXIT = { holds: 0, violated: 1, badUsage: 2, inconclusive: 3, internal: 4 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

type Judged = Pick<Result | ExplorationResult, 'verdict'>;

/** The exit code of one verdict. */
export const exitCodeOf = ({ verdict }: Judged): ExitCode =>
  match(verdict)
    .returnType<ExitCode>()
    .with('holds', 'passed', () => EXIT.holds)
    .with('violated', () => EXIT.violated)
    .with('inconclusive', () => EXIT.inconclusive)
    .exhaustive();

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
