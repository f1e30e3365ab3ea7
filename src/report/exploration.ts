/**
 * The result of exploring one model at random: as `explore --json` writes it, with the JSON Schema of it
 * from the same source, and as a few lines for a person.
 */
import { z } from 'zod';
import { DEADLOCK } from '../engine/outcome.js';
import type { RandomOutcome, RandomViolation } from '../random/outcome.js';
import { type Trace, traceSchema } from '../trace/trace.js';
import { type Colors, counted, paintVerdict } from './terminal.js';

const Names = z.array(z.string()).readonly();
const Count = z.number().int().nonnegative();
const Bounds = traceSchema.shape.bounds;

/** Of a schedule. */
export const switchesSchema = z
  .strictObject({
    count: Count.meta({ description: 'How often another server acts than in the step before.' }),
    fewest: z.boolean().meta({
      description: 'No way as short has fewer at these bounds; false if that could not be proved.',
    }),
  })
  .meta({ description: 'Switches between servers in the trace.' });

const violationSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  run: Count.nullable().meta({
    description: 'The run that met it, counted from 1; null if a stored failure fails still.',
  }),
  bounds: Bounds.meta({ description: 'The bounds after reduction: those of the trace.' }),
  lengths: z
    .strictObject({
      found: Count.meta({ description: 'As the run met it.' }),
      shrunk: Count.meta({ description: 'After shrinking, and at the reduced bounds.' }),
      shortest: Count.nullable().meta({
        description: 'No way to it is shorter at these bounds; null if that could not be proved.',
      }),
    })
    .meta({ description: 'Steps to the violation at each stage of its reduction.' }),
  switches: switchesSchema
    .nullable()
    .meta({ description: 'Switches between servers in the trace; null of a stored failure.' }),
  trace: traceSchema,
});

const replayedSchema = z.strictObject({
  failure: z.string().meta({ description: 'The path of its file.' }),
  outcome: z.enum(['fails', 'holds', 'stale']).meta({
    description:
      'fails: the claim fails still. holds: not any more. stale: it cannot be replayed on the model as it is.',
  }),
  because: z.string().nullable().meta({
    description: 'Why it is stale, or which step is refused where it holds; null if every step was taken.',
  }),
});

/** A stored failure that was replayed, and what it came to. */
export type Replayed = z.infer<typeof replayedSchema>;

/** One model explored. `--json` writes an object for a model asked for by name, otherwise an array. */
export const explorationSchema = z.strictObject({
  model: z.string(),
  asked: Bounds.meta({ description: 'The bounds given as options, which no run changes.' }),
  bounds: z
    .array(Bounds)
    .readonly()
    .meta({ description: 'All bounds of each setting that the seed drew; each run takes one of them.' }),
  rules: z.string().meta({ description: 'The name of the rule set.' }),
  verdict: z.enum(['passed', 'violated', 'inconclusive']).meta({
    description: 'passed: no run violated a claim. inconclusive: it ended before the last run.',
  }),
  reason: z.string().nullable().meta({ description: 'Why the verdict is not passed; null if it is.' }),
  seed: z.number().int().meta({ description: 'The same seed, options and version make the same runs.' }),
  runs: Count.meta({ description: 'Runs made.' }),
  walks: Count.meta({ description: 'Walks from an initial state; a run makes one after the other.' }),
  steps: Count.meta({ description: 'Steps taken in all walks.' }),
  longest: Count.meta({ description: 'Steps of the longest walk.' }),
  seconds: z.number().nonnegative(),
  actions: z.record(z.string(), Count).readonly().meta({ description: 'How often each action was taken.' }),
  neverTaken: Names.meta({ description: 'Actions that some of the bounds allow and no run took.' }),
  claims: Names.meta({ description: 'The claims checked at each step.' }),
  witnesses: z
    .record(z.string(), Count)
    .readonly()
    .meta({ description: 'In how many runs each witness was seen.' }),
  replayed: z.array(replayedSchema).readonly().meta({
    description: 'The stored failures replayed before the first run; if one fails still, no run is made.',
  }),
  violation: violationSchema
    .nullable()
    .meta({ description: 'The first violation met, reduced, with its trace; null without one.' }),
});

export type ExplorationResult = z.infer<typeof explorationSchema>;

/** What a result says besides what the runs came to. */
export interface ExplorationHeading {
  readonly model: string;
  readonly asked: ExplorationResult['asked'];
  readonly bounds: ExplorationResult['bounds'];
  readonly rules: string;
  readonly seconds: number;
  readonly replayed: readonly Replayed[];
  /** The trace of the outcome's violation, or of a stored failure that fails still; null without either. */
  readonly trace: Trace | null;
}

/** The result of an exploration, and of the stored failures that were replayed before it. */
export function explorationResultOf(outcome: RandomOutcome, heading: ExplorationHeading): ExplorationResult {
  const { model, asked, bounds, rules, seconds, replayed } = heading;
  const { seed, runs, walks, steps, longest } = outcome;
  return {
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
    replayed: [...replayed],
    violation: violationOf(outcome, heading),
  };
}

/** A stored failure that fails still is a violation; one that is stale keeps all from having passed. */
function verdictOf(
  { verdict, reason }: RandomOutcome,
  { replayed, trace }: ExplorationHeading,
): Pick<ExplorationResult, 'verdict' | 'reason'> {
  const number = (outcome: Replayed['outcome']) => replayed.filter((one) => one.outcome === outcome).length;
  const [failing, stale] = [number('fails'), number('stale')];
  if (failing > 0 && trace !== null) {
    const what =
      trace.claim === DEADLOCK
        ? 'a state that is not terminal has no step'
        : `claim ${trace.claim} is violated`;
    const still = `${counted(failing, 'stored failure')} ${failing === 1 ? 'fails' : 'fail'} still`;
    return { verdict: 'violated', reason: `${still}: ${what}, after ${counted(trace.steps.length, 'step')}` };
  }
  if (stale === 0 || verdict !== 'passed') return { verdict, reason };
  return { verdict: 'inconclusive', reason: `${counted(stale, 'stored failure')} could not be replayed` };
}

function violationOf(
  { violation }: RandomOutcome,
  { trace }: ExplorationHeading,
): ExplorationResult['violation'] {
  if (trace === null) return null;
  const { claim, bounds, steps } = trace;
  if (violation !== null) {
    const { run, lengths, switches } = violation;
    return { claim, run, bounds, lengths, switches, trace };
  }
  const lengths = { found: steps.length, shrunk: steps.length, shortest: null };
  return { claim, run: null, bounds, lengths, switches: null, trace };
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

/** The JSON Schema of what `--json` writes: one result, or an array of them. */
export const explorationJsonSchema = (): object => ({
  title: 'Result of fle-check explore --json',
  ...z.toJSONSchema(z.union([explorationSchema, z.array(explorationSchema)])),
});

/** The lines that close an exploration: its verdict, and what was run to reach it. */
export function explorationSummary(
  result: ExplorationResult,
  boundsInWords: readonly string[],
  colors: Colors,
): readonly string[] {
  const { model, verdict, reason, runs, walks, steps, longest, seconds, claims } = result;
  const because = reason === null ? '' : `: ${reason}`;
  const heading = `${colors.bold(model)}  ${paintVerdict(verdict, verdict, colors)}${because}`;
  if (runs === 0) return [heading];
  const counts = Object.values(result.witnesses);
  const seen = `${counts.filter((count) => count > 0).length} of ${counts.length} witnesses seen`;
  const made = [counted(runs, 'run'), counted(walks, 'walk'), counted(steps, 'step')].join(', ');
  // A violation ends everything early: what had not been taken by then says nothing.
  const never = verdict === 'violated' ? [] : result.neverTaken;
  return [
    heading,
    `  ${made} in ${seconds.toFixed(1)} s; longest walk ${counted(longest, 'step')}`,
    `  ${counted(claims.length, 'claim')} at each step; ${seen}`,
    `  each run at ${boundsInWords.length === 1 ? 'these bounds' : 'one of these bounds, drawn by the seed'}:`,
    ...boundsInWords.map((words) => `    ${words}`),
    ...(never.length === 0 ? [] : [`  never taken: ${never.join(', ')}`]),
  ];
}
