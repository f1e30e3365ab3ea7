/**
 * The shapes of the results that `--json` writes, and their JSON Schemas. It always writes an array, and each
 * element names its format and version. Code that only writes results imports the types and avoids zod.
 */
import { z } from 'zod';
import { traceSchema } from '../trace/schema.js';
import { DIFFERENCE, EXPLORATION, LEADERS, MATRIX, RESULT } from './formats.js';

const Names = z.array(z.string()).readonly();
const Count = z.number().int().nonnegative();
const Bounds = traceSchema.shape.bounds;
const Explanation = z.string().nullable().meta({
  description: 'Why the claim fails at the end of the trace: the servers and values that break it.',
});

const rulesUsedSchema = z
  .array(
    z.strictObject({
      rule: z.string().meta({ description: 'A rule that the rule set overrides and the model uses.' }),
      constant: z.boolean().meta({ description: 'The rule is a value, not a function.' }),
      calls: Count.meta({
        description: 'The number of different argument lists of its calls; 1 for a constant that was read.',
      }),
      differing: Count.meta({
        description: 'The number of these lists that it answers otherwise than ZooKeeper.',
      }),
      all: z.boolean().meta({
        description: 'False if there were too many to count: calls and differing are then lower bounds.',
      }),
    }),
  )
  .readonly()
  .meta({ description: 'The calls of each overridden rule; empty under the correct rules.' });

/** The first two fields of an element. */
const formatOf = <F extends string>({ format, version }: { readonly format: F; readonly version: 1 }) => ({
  format: z.literal(format),
  version: z.literal(version),
});

/** One model checked. */
export const resultSchema = z.strictObject({
  ...formatOf(RESULT),
  model: z.string(),
  bounds: Bounds,
  rules: z.string().meta({ description: 'The name of the rule set.' }),
  reductions: z
    .strictObject({ taken: Names, leftOut: z.record(z.string(), z.string()).readonly() })
    .nullable()
    .meta({
      description:
        'The reductions taken; for --reduce all also those left out, with the reason: they are unsound within ' +
        'the bounds, or under the rules. null if no reduction was asked for.',
    }),
  verdict: z.enum(['holds', 'violated', 'inconclusive']).meta({
    description:
      'holds: every claim, completely, within the bounds. violated: a claim fails. inconclusive: no claim ' +
      'fails, but a limit or an interrupt came first, or a claim may pass vacuously; reason says which.',
  }),
  reason: z.string().nullable().meta({ description: 'Why the verdict is not holds; null if it is.' }),
  unmet: z
    .array(
      z.strictObject({
        kind: z.enum([
          'unasked claim',
          'missed witness',
          'excluded witness',
          'untaken action',
          'excluded action',
        ]),
        name: z.string().meta({ description: 'The name of the claim, the witness or the action.' }),
      }),
    )
    .readonly()
    .meta({
      description:
        'What a complete search must reach and did not, or reached although the bounds are declared to exclude ' +
        'it. No claim fails, but one may hold vacuously, so the verdict is inconclusive.',
    }),
  complete: z.boolean().meta({
    description:
      'Every state within the bounds was looked at; false after a violation, a limit, an interrupt.',
  }),
  distinct: Count.meta({ description: 'Distinct states reached.' }),
  generated: Count.meta({ description: 'Transitions computed, those to known states included.' }),
  depth: Count.meta({ description: 'Steps from an initial state to the farthest state reached.' }),
  seconds: z.number().nonnegative(),
  actions: z.record(z.string(), Count).readonly().meta({ description: 'How often each action was taken.' }),
  claims: Names.meta({ description: 'The claims checked.' }),
  witnesses: z
    .record(z.string(), Count.nullable())
    .readonly()
    .meta({
      description:
        'The steps of a shortest trace to each witness; null if none was found. Only if complete is true was it ' +
        'sought in every state.',
    }),
  violation: z
    .strictObject({ claim: z.string(), explanation: Explanation, trace: traceSchema })
    .nullable()
    .meta({
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
  renamings: z
    .strictObject({ checked: Count, of: Count })
    .nullable()
    .meta({
      description:
        'The number of expanded states in which the renaming of servers was checked; null for a ' +
        'model whose servers are not renamed.',
    }),
  rulesUsed: rulesUsedSchema,
  bytes: Count.meta({ description: "The search's own data at the end." }),
});

export type Result = z.infer<typeof resultSchema>;

/** Of a schedule. */
export const switchesSchema = z
  .strictObject({
    count: Count.meta({ description: 'How often another server acts than in the step before.' }),
    fewest: z.boolean().meta({
      description:
        'True if no trace as short has fewer switches at these bounds; false if that could not be proved.',
    }),
  })
  .meta({ description: 'Switches between servers in the trace.' });

const violationSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  explanation: Explanation,
  run: Count.nullable().meta({
    description: 'The run that found it, counted from 1; null if a stored failure still fails.',
  }),
  bounds: Bounds.meta({ description: 'The bounds after reduction: those of the trace.' }),
  lengths: z
    .strictObject({
      found: Count.meta({ description: 'Steps of the run that found it.' }),
      shrunk: Count.meta({ description: 'Steps after shrinking, at the reduced bounds.' }),
      shortest: Count.nullable().meta({
        description: 'Steps of a shortest trace at these bounds; null if no trace was proved shortest.',
      }),
    })
    .meta({ description: 'Steps to the violation at each stage of its reduction.' }),
  switches: switchesSchema
    .nullable()
    .meta({ description: 'Switches between servers in the trace; null for a stored failure.' }),
  trace: traceSchema,
});

const replayedSchema = z.strictObject({
  failure: z.string().meta({ description: 'The path of its file.' }),
  outcome: z.enum(['fails', 'holds', 'stale']).meta({
    description:
      'fails: the claim still fails. holds: it no longer fails. stale: it cannot be replayed on the model as it is.',
  }),
  because: z.string().nullable().meta({
    description: 'Why it is stale, or, if it holds, the step that is refused; null if every step was taken.',
  }),
});

/** A stored failure that was replayed, and the outcome. */
export type Replayed = z.infer<typeof replayedSchema>;

/** One model explored. */
export const explorationSchema = z.strictObject({
  ...formatOf(EXPLORATION),
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
    .meta({ description: 'The number of runs that saw each witness.' }),
  rulesUsed: rulesUsedSchema,
  replayed: z.array(replayedSchema).readonly().meta({
    description: 'The stored failures replayed before the first run; if one still fails, no run is made.',
  }),
  violation: violationSchema
    .nullable()
    .meta({ description: 'The first violation met, reduced, with its trace; null without one.' }),
});

export type ExplorationResult = z.infer<typeof explorationSchema>;

const failureSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  steps: z.number().int().nonnegative().meta({ description: 'Steps of its shortest trace.' }),
});

const randomSchema = z.strictObject({
  runs: Count.meta({ description: 'Runs made, up to the first violation; 0 for a model without steps.' }),
  violation: z
    .strictObject({
      bounds: Bounds.meta({ description: 'The bounds after reduction.' }),
      found: Count.meta({ description: 'Steps of the run that found it.' }),
      shrunk: Count.meta({ description: 'Steps after shrinking, and at the reduced bounds.' }),
      steps: Count.meta({ description: 'Steps of the final schedule of random exploration.' }),
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
  ...formatOf(MATRIX),
  ruleSet: z.string(),
  says: z.string().meta({ description: 'The change that the rule set makes.' }),
  source: z.string(),
  model: z.string(),
  bounds: Bounds,
  expected: z.string().nullable().meta({ description: 'The claim that must fail; null if none does.' }),
  verdict: z.enum(['killed', 'survives', 'unexplained']).meta({
    description:
      'killed: the expected claim fails, and no other that is not declared. survives: all hold, as declared.',
  }),
  because: z.string().meta({
    description: 'Why it survives, or how the outcome differs from the declared one; empty if killed.',
  }),
  failures: z.array(failureSchema).readonly().meta({ description: 'Every claim that fails.' }),
  rulesUsed: rulesUsedSchema,
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

const answerSchema = z.strictObject({
  name: z.string().meta({ description: 'The question, such as s3 leads.' }),
  steps: Names.nullable().meta({ description: 'The steps of a run that shows it; null if none was found.' }),
  isShortest: z.boolean().meta({ description: 'True if no run is shorter.' }),
});

/** Which servers can lead, for one order of starts. */
export const leadersSchema = z.strictObject({
  ...formatOf(LEADERS),
  model: z.string(),
  bounds: Bounds,
  verdict: z.enum(['answered', 'inconclusive']).meta({
    description:
      'answered: a run that was not found does not exist. inconclusive: a limit or an interrupt came first.',
  }),
  reason: z.string().nullable().meta({ description: 'Why the verdict is not answered; null if it is.' }),
  distinct: Count.meta({ description: 'Distinct states reached, with all reductions.' }),
  seconds: z.number().nonnegative(),
  answers: z.array(answerSchema).readonly(),
});

const differentStepSchema = z.strictObject({
  step: z.strictObject({ a: z.string().nullable(), b: z.string().nullable() }).meta({
    description:
      'The step in words, under the first rule set and under the second; null if that rule set does not take it.',
  }),
  servers: z
    .array(z.strictObject({ a: z.string(), b: z.string() }))
    .readonly()
    .meta({ description: 'Each server after the step, under the first rule set and under the second.' }),
});

/** Two rule sets compared in one model. */
export const differenceSchema = z.strictObject({
  ...formatOf(DIFFERENCE),
  model: z.string(),
  bounds: Bounds,
  rules: z
    .tuple([z.string(), z.string()])
    .readonly()
    .meta({ description: 'The names of the two rule sets.' }),
  verdict: z.enum(['alike', 'different', 'inconclusive']).meta({
    description:
      'alike: they elect alike in every schedule within the bounds. inconclusive: a limit came first.',
  }),
  reason: z.string().nullable().meta({ description: 'Why the verdict is inconclusive; null if it is not.' }),
  distinct: Count.meta({ description: 'Distinct pairs of states reached.' }),
  rulesUsed: z
    .tuple([rulesUsedSchema, rulesUsedSchema])
    .readonly()
    .meta({ description: 'The calls of the rules that each of the two rule sets overrides.' }),
  seconds: z.number().nonnegative(),
  steps: z
    .array(differentStepSchema)
    .readonly()
    .nullable()
    .meta({ description: 'The shortest schedule after which they elect differently; null without one.' }),
  traces: z
    .tuple([traceSchema, traceSchema])
    .readonly()
    .nullable()
    .meta({ description: 'The steps of that schedule that each rule set takes; null without one.' }),
});

export type LeadersResult = z.infer<typeof leadersSchema>;
export type Difference = z.infer<typeof differenceSchema>;

/** The JSON Schemas of the results of each command, by the names of their files. */
export const jsonSchemas = () => ({
  result: jsonSchemaOf('check', resultSchema),
  exploration: jsonSchemaOf('explore', explorationSchema),
  matrix: jsonSchemaOf('mutants', rowSchema),
  leaders: jsonSchemaOf('leaders', leadersSchema),
  difference: jsonSchemaOf('diff', differenceSchema),
});

const jsonSchemaOf = (command: string, element: z.ZodType) => ({
  title: `Result of fle-check ${command} --json`,
  ...z.toJSONSchema(z.array(element)),
});
