/** The shape of a trace file. Code that only writes traces imports the types and avoids zod. */
import { z } from 'zod';
import type { Plain } from '../language/index.js';
import { FORMAT, VERSION } from './format.js';

const State = z.json() as unknown as z.ZodType<Plain>;
const Arguments = z.array(z.string()).readonly();

/** The shape of a trace file. */
export const traceSchema = z.strictObject({
  '#': z.string().optional().meta({ description: 'Why the file is kept, in a sentence.' }),
  format: z.literal(FORMAT),
  version: z.literal(VERSION),
  tool: z.string().meta({ description: 'The version of fle-check that wrote the file.' }),
  model: z.string(),
  bounds: z
    .record(z.string(), z.union([z.number(), z.string(), z.array(z.number()).readonly()]))
    .readonly()
    .meta({ description: 'The bounds by the names of their options.' }),
  rules: z.string().meta({ description: 'The name of the rule set.' }),
  claim: z.string().meta({ description: 'The claim violated or the witness shown; or deadlock.' }),
  says: z.string().meta({ description: 'The claim in one sentence.' }),
  source: z.string().meta({ description: 'Where the claim comes from; empty if it does not say.' }),
  initial: z.strictObject({ args: Arguments, state: State }),
  steps: z
    .array(z.strictObject({ action: z.string(), args: Arguments, state: State }))
    .readonly()
    .meta({ description: 'Each step by name and arguments, with the state after it.' }),
});

export type Trace = z.infer<typeof traceSchema>;
export type TraceStep = Trace['steps'][number];
