/**
 * The kill matrix: for each rule set and each model that shows it, which claims fail, and after how many
 * steps. As `mutants --json` writes it, with the JSON Schema of it from the same source, and as a table.
 */
import { z } from 'zod';
import { layOutTable } from '../trace/columns.js';
import { traceSchema } from '../trace/trace.js';
import { type Colors, counted } from './terminal.js';

const failureSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  steps: z.number().int().nonnegative().meta({ description: 'Of its shortest trace.' }),
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
});

export const matrixSchema = z.array(rowSchema).readonly();

export type Failure = z.infer<typeof failureSchema>;
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
    const cells = own.map((row) => [row.ruleSet, told(row), `${row.seconds.toFixed(1)} s`]);
    return [colors.bold(model), ...layOutTable(cells, WIDTH), ''];
  });
}

/** `* singleLeaderPerEpoch 13, oneAckPerEpoch 11`; or why it survives; or what is unexplained. */
function told({ expected, verdict, because, failures }: Row): string {
  const failed = failures
    .map(({ claim, steps }) => `${claim === expected ? '* ' : ''}${claim} ${steps}`)
    .join(', ');
  if (verdict === 'killed') return failed;
  if (verdict === 'survives') return `survives: ${because}`;
  return `UNEXPLAINED: ${because}${failed === '' ? '' : `; fails: ${failed}`}`;
}

/** `25 killed, 9 survive as declared, 0 unexplained`. */
export function matrixSummary(rows: readonly Row[]): string {
  const count = (verdict: Row['verdict']) => rows.filter((row) => row.verdict === verdict).length;
  return `${counted(rows.length, 'trial')}: ${count('killed')} killed, ${count('survives')} survive as declared, ${count('unexplained')} unexplained`;
}
