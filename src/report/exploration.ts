/**
 * The result of exploring one model at random: as `explore --json` writes it, with the JSON Schema of it
 * from the same source, and as a few lines for a person.
 */
import { z } from 'zod';
import type { RandomOutcome } from '../random/outcome.js';
import { type Trace, traceSchema } from '../trace/trace.js';
import { type Colors, counted, paintVerdict } from './terminal.js';

const Names = z.array(z.string()).readonly();
const Count = z.number().int().nonnegative();
const Bounds = traceSchema.shape.bounds;

const violationSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  run: Count.meta({ description: 'The run that met it, counted from 1.' }),
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
  trace: traceSchema,
});

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
  /** The trace of the outcome's violation; null if it has none. */
  readonly trace: Trace | null;
}

/** The result of an exploration. */
export function explorationResultOf(
  outcome: RandomOutcome,
  { model, asked, bounds, rules, seconds, trace }: ExplorationHeading,
): ExplorationResult {
  const { verdict, reason, seed, runs, walks, steps, longest, violation } = outcome;
  return {
    model,
    asked,
    bounds,
    rules,
    verdict,
    reason,
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
    violation:
      violation === null || trace === null
        ? null
        : {
            claim: violation.claim,
            run: violation.run,
            bounds: trace.bounds,
            lengths: { ...violation.lengths },
            trace,
          },
  };
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
