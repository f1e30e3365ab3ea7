/**
 * The result of checking one model, as `--json` writes it, with the JSON Schema of it from the same source.
 */
import { z } from 'zod';
import type { Outcome } from '../engine/outcome.js';
import { type Trace, traceSchema } from '../trace/trace.js';

const Names = z.array(z.string()).readonly();
const Count = z.number().int().nonnegative();

/** One model checked. `--json` writes an object for a model asked for by name, otherwise an array. */
export const resultSchema = z.strictObject({
  model: z.string(),
  bounds: traceSchema.shape.bounds,
  rules: z.string().meta({ description: 'The name of the rule set.' }),
  verdict: z.enum(['holds', 'violated', 'inconclusive']).meta({
    description: 'holds: complete within the bounds. inconclusive: a limit or an interrupt came first.',
  }),
  reason: z.string().nullable().meta({ description: 'Why the verdict is not holds; null if it is.' }),
  distinct: Count.meta({ description: 'Distinct states reached.' }),
  generated: Count.meta({ description: 'Transitions computed, those to known states included.' }),
  depth: Count.meta({ description: 'Steps from an initial state to the farthest state reached.' }),
  seconds: z.number().nonnegative(),
  actions: z.record(z.string(), Count).readonly().meta({ description: 'How often each action was taken.' }),
  claims: Names.meta({ description: 'The claims checked.' }),
  witnesses: z
    .record(z.string(), Count.nullable())
    .readonly()
    .meta({ description: 'Steps to each witness by a shortest way; null if it was not found.' }),
  violation: z.strictObject({ claim: z.string(), trace: traceSchema }).nullable().meta({
    description: 'The first claim violated, with a shortest trace; claim is deadlock for a deadlock.',
  }),
  excluded: z
    .record(z.string(), z.string())
    .readonly()
    .meta({ description: 'Witnesses that the bounds exclude, with the reason.' }),
  collisions: z
    .number()
    .nonnegative()
    .meta({ description: 'The expected number of states hidden by equal fingerprints: distinct²/2⁶⁵.' }),
  bytes: Count.meta({ description: "The search's own data at the end." }),
});

export type Result = z.infer<typeof resultSchema>;

/** What a result says besides what the search found. */
export interface ResultHeading {
  readonly model: string;
  readonly bounds: Result['bounds'];
  readonly rules: string;
  readonly seconds: number;
  /** The trace of the outcome's violation; null if it has none. */
  readonly trace: Trace | null;
}

/** The result of a search. */
export function resultOf(outcome: Outcome, { model, bounds, rules, seconds, trace }: ResultHeading): Result {
  const { verdict, reason, distinct, generated, depth, actions, claims, excluded, bytes } = outcome;
  const steps = Object.entries(outcome.witnesses).map(
    ([name, schedule]) => [name, schedule?.steps.length ?? null] as const,
  );
  return {
    model,
    bounds,
    rules,
    verdict,
    reason,
    distinct,
    generated,
    depth,
    seconds: Math.round(seconds * 1000) / 1000,
    actions: { ...actions },
    claims: [...claims],
    witnesses: Object.fromEntries(steps),
    violation: trace === null ? null : { claim: trace.claim, trace },
    excluded: { ...excluded },
    collisions: outcome.expectedCollisions,
    bytes,
  };
}

/** The result of a model that was not looked at, because the check ended before its turn. */
export const notRun = (heading: Omit<ResultHeading, 'seconds' | 'trace'>, reason: string): Result => ({
  ...heading,
  verdict: 'inconclusive',
  reason,
  distinct: 0,
  generated: 0,
  depth: 0,
  seconds: 0,
  actions: {},
  claims: [],
  witnesses: {},
  violation: null,
  excluded: {},
  collisions: 0,
  bytes: 0,
});

/** The JSON Schema of what `--json` writes: one result, or an array of them. */
export const resultJsonSchema = (): object => ({
  title: 'Result of fle-check check --json',
  ...z.toJSONSchema(z.union([resultSchema, z.array(resultSchema)])),
});
