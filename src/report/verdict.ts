/** What a verdict means to the shell. */
import { match } from 'ts-pattern';
import { EXIT, type ExitCode } from '../process/exit.js';
import type { ExplorationResult, Result } from './schemas.js';

type Judged = Pick<Result | ExplorationResult, 'verdict'>;

/** The exit code of one verdict. */
export const exitCodeOf = ({ verdict }: Judged): ExitCode =>
  match(verdict)
    .returnType<ExitCode>()
    .with('holds', 'passed', () => EXIT.holds)
    .with('violated', () => EXIT.violated)
    .with('inconclusive', () => EXIT.inconclusive)
    .exhaustive();
