/**
 * The result of exploring one model at random: as `explore --json` writes it, and as a few lines for a
 * person.
 */
import { DEADLOCK } from '../engine/outcome.js';
import type { RandomOutcome, RandomViolation } from '../random/outcome.js';
import type { Trace } from '../trace/trace.js';
import { EXPLORATION } from './formats.js';
import { paragraph, unbroken, unbrokenEach } from './paragraph.js';
import type { ExplorationResult, Replayed } from './schemas.js';
import { type Colors, counted, paintVerdict } from './terminal.js';

/** The fields of a result that do not come from the runs. */
export interface ExplorationHeading {
  readonly model: string;
  readonly asked: ExplorationResult['asked'];
  readonly bounds: ExplorationResult['bounds'];
  readonly rules: string;
  readonly seconds: number;
  readonly replayed: readonly Replayed[];
  /** The trace of the outcome's violation, or of a stored failure that still fails; null without either. */
  readonly trace: Trace | null;
  readonly rulesUsed?: ExplorationResult['rulesUsed'];
  /** Why the result does not concern all rules or claims of the user; null if it does. */
  readonly unasked?: string | null;
  /** Why its claim fails at its end; null without one. */
  readonly explanation: string | null;
}

/** The result of an exploration, and of the stored failures that were replayed before it. */
export function explorationResultOf(outcome: RandomOutcome, heading: ExplorationHeading): ExplorationResult {
  const { model, asked, bounds, rules, seconds, replayed } = heading;
  const { seed, runs, walks, steps, longest } = outcome;
  return {
    ...EXPLORATION,
    model,
    asked,
    bounds,
    rules,
    ...verdictOf(outcome, heading),
    seed,
    runs,
    walks,
    steps,
    longest,
    seconds: Math.round(seconds * 1000) / 1000,
    actions: { ...outcome.actions },
    neverTaken: [...outcome.neverTaken],
    claims: [...outcome.claims],
    witnesses: { ...outcome.witnesses },
    rulesUsed: heading.rulesUsed ?? [],
    replayed: [...replayed],
    violation: violationOf(outcome, heading),
  };
}

/** A stored failure that still fails is a violation. A stale one makes a run that passed inconclusive. */
function verdictOf(
  { verdict, reason }: RandomOutcome,
  { replayed, trace, unasked = null }: ExplorationHeading,
): Pick<ExplorationResult, 'verdict' | 'reason'> {
  const number = (outcome: Replayed['outcome']) => replayed.filter((one) => one.outcome === outcome).length;
  const [failing, stale] = [number('fails'), number('stale')];
  if (failing > 0 && trace !== null) {
    const what =
      trace.claim === DEADLOCK
        ? 'a state that is not terminal has no step'
        : `claim ${trace.claim} is violated`;
    const still = `${counted(failing, 'stored failure')} still ${failing === 1 ? 'fails' : 'fail'}`;
    return { verdict: 'violated', reason: `${still}: ${what}, after ${counted(trace.steps.length, 'step')}` };
  }
  if (verdict !== 'passed') return { verdict, reason };
  if (stale === 0 && unasked !== null) return { verdict: 'inconclusive', reason: unasked };
  if (stale === 0) return { verdict, reason };
  return { verdict: 'inconclusive', reason: `${counted(stale, 'stored failure')} could not be replayed` };
}

function violationOf(
  { violation }: RandomOutcome,
  { trace, explanation }: ExplorationHeading,
): ExplorationResult['violation'] {
  if (trace === null) return null;
  const { claim, bounds, steps } = trace;
  if (violation !== null) {
    const { run, lengths, switches } = violation;
    return { claim, explanation, run, bounds, lengths, switches, trace };
  }
  const lengths = { found: steps.length, shrunk: steps.length, shortest: null };
  return { claim, explanation, run: null, bounds, lengths, switches: null, trace };
}

/** `Found at random after 9 steps, shrunk to 8, shortest 8, with 3 switches between servers, the fewest.` */
export function reductionInWords({
  lengths,
  switches,
}: Pick<RandomViolation, 'lengths' | 'switches'>): string {
  const { found, shrunk, shortest } = lengths;
  const proved = shortest === null ? '' : `, shortest ${shortest}`;
  const between = `with ${switches.count} switch${switches.count === 1 ? '' : 'es'} between servers`;
  const fewest = switches.fewest ? ', the fewest' : '';
  return `Found at random after ${counted(found, 'step')}, shrunk to ${shrunk}${proved}, ${between}${fewest}.`;
}

/** The closing lines of an exploration: its verdict, and the runs made to reach it. */
export function explorationSummary(
  result: ExplorationResult,
  boundsInWords: readonly string[],
  columns: number,
  colors: Colors,
): readonly string[] {
  const { model, verdict, reason, runs, walks, steps, longest, seconds, claims } = result;
  const because = reason === null ? '' : `: ${reason}`;
  const [first, ...rest] = paragraph(`${unbroken(`${model}  `)}${verdict}${because}`, columns, '  ');
  const painted = `${colors.bold(model)}  ${paintVerdict(verdict, verdict, colors)}`;
  const heading = [painted + first.slice(model.length + 2 + verdict.length), ...rest];
  if (runs === 0) return heading;
  const counts = Object.values(result.witnesses);
  const seen = `${counts.filter((count) => count > 0).length} of ${counts.length} witnesses seen`;
  const made = [counted(runs, 'run'), counted(walks, 'walk'), counted(steps, 'step')].join(', ');
  // A violation ends the runs early, so actions not taken by then mean nothing.
  const never = verdict === 'violated' ? [] : result.neverTaken;
  const lines = [
    `  ${made} in ${seconds.toFixed(1)} s; longest walk ${counted(longest, 'step')}`,
    `  ${counted(claims.length, 'claim')} at each step; ${seen}`,
    `  each run at ${boundsInWords.length === 1 ? 'these bounds' : 'one of these bounds, drawn by the seed'}:`,
  ];
  return [
    ...heading,
    ...lines.flatMap((line) => paragraph(line, columns, '    ')),
    ...boundsInWords.flatMap((words) => paragraph(`    ${unbrokenEach(words)}`, columns, '      ')),
    ...(never.length === 0 ? [] : paragraph(`  never taken: ${never.join(', ')}`, columns, '    ')),
  ];
}
