/**
 * The kill matrix: for each rule set and each model that shows it, which claims fail, and after how many
 * steps. As `mutants --json` writes it, with the JSON Schema of it from the same source, and as a table.
 */
import { z } from 'zod';
import { layOutTable } from '../trace/columns.js';
import { traceSchema } from '../trace/trace.js';
import { switchesSchema } from './exploration.js';
import { type Colors, counted } from './terminal.js';

const failureSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  steps: z.number().int().nonnegative().meta({ description: 'Of its shortest trace.' }),
});

const Count = z.number().int().nonnegative();

const randomSchema = z.strictObject({
  runs: Count.meta({ description: 'Runs made, up to the first violation; 0 of a model without steps.' }),
  violation: z
    .strictObject({
      bounds: traceSchema.shape.bounds.meta({ description: 'The bounds after reduction.' }),
      found: Count.meta({ description: 'Steps as the run met it.' }),
      shrunk: Count.meta({ description: 'Steps after shrinking, and at the reduced bounds.' }),
      steps: Count.meta({ description: 'Steps of the schedule that random exploration ends with.' }),
      breadthFirst: Count.nullable().meta({
        description: 'Steps that breadth-first search needs at the same bounds; null if it finds none.',
      }),
      switches: switchesSchema,
    })
    .nullable()
    .meta({ description: 'null if no run met one.' }),
  seconds: z.number().nonnegative(),
});

/** One rule set in one model. */
export const rowSchema = z.strictObject({
  ruleSet: z.string(),
  says: z.string().meta({ description: 'What it changes.' }),
  source: z.string(),
  model: z.string(),
  bounds: traceSchema.shape.bounds,
  expected: z.string().nullable().meta({ description: 'The claim that must fail; null if none does.' }),
  verdict: z.enum(['killed', 'survives', 'unexplained']).meta({
    description:
      'killed: the expected claim fails, and no other that is not declared. survives: all hold, as declared.',
  }),
  because: z.string().meta({ description: 'Why it survives, or what is not as declared; empty if killed.' }),
  failures: z.array(failureSchema).readonly().meta({ description: 'Every claim that fails.' }),
  states: z.number().int().nonnegative().meta({ description: 'Distinct states of the last search.' }),
  seconds: z.number().nonnegative(),
  random: randomSchema.nullable().meta({
    description: 'The expected claim at random; null without such a claim, or if it was not tried.',
  }),
});

export const matrixSchema = z.array(rowSchema).readonly();

export type Failure = z.infer<typeof failureSchema>;
export type RandomPart = z.infer<typeof randomSchema>;
export type Row = z.infer<typeof rowSchema>;

/** What `mutants --json` writes, as a JSON Schema. */
export const matrixJsonSchema = (): Record<string, unknown> => ({
  title: 'Result of fle-check mutants --json',
  ...z.toJSONSchema(matrixSchema),
});

const WIDTH = 100;

/** One section a model, one line a rule set; `*` marks the claim that was expected to fail. */
export function matrixLines(rows: readonly Row[], colors: Colors): readonly string[] {
  const models = [...new Set(rows.map(({ model }) => model))];
  return models.flatMap((model) => {
    const own = rows.filter((row) => row.model === model);
    const cells = own.map((row) => [row.ruleSet, told(row), secondsOf(row)]);
    return [colors.bold(model), ...layOutTable(cells, WIDTH), ''];
  });
}

/** `0.2 + 1.6 s`: by breadth-first search, and at random. */
const secondsOf = ({ seconds, random }: Row): string =>
  `${[seconds, ...(random === null ? [] : [random.seconds])].map((each) => each.toFixed(1)).join(' + ')} s`;

/** `* singleLeaderPerEpoch 13 (random 13), oneAckPerEpoch 11`; or why it survives; or what is unexplained. */
function told({ expected, verdict, because, failures, random }: Row): string {
  const failed = failures
    .map(({ claim, steps }) => {
      if (claim !== expected) return `${claim} ${steps}`;
      return `* ${claim} ${steps}${random === null ? '' : ` (random ${atRandom(random, steps)})`}`;
    })
    .join(', ');
  if (verdict === 'killed') return failed;
  if (verdict === 'survives') return `survives: ${because}`;
  return `UNEXPLAINED: ${because}${failed === '' ? '' : `; fails: ${failed}`}`;
}

/** The steps at random, next to those at the declared bounds; `-` if there is nothing to run. */
function atRandom({ violation, runs }: RandomPart, steps: number): string {
  if (runs === 0) return '-';
  if (violation === null) return `not in ${counted(runs, 'run')}`;
  return violation.steps === steps ? String(steps) : `${violation.steps}, at other bounds`;
}

/** `25 killed, 9 survive as declared, 0 unexplained`. */
export function matrixSummary(rows: readonly Row[]): string {
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  return `${counted(rows.length, 'trial')}: ${count('killed')} killed, ${count('survives')} survive as declared, ${count('unexplained')} unexplained`;
}
