/**
 * The parts of a report: the results that each command writes into the directory of `--report`, for the index
 * page. Code that only writes parts imports the types and avoids zod.
 */
import { z } from 'zod';
import { explorationSchema, resultSchema, rowSchema } from './schemas.js';

export const PART_FORMAT = 'fle-check-report';
export const PART_VERSION = 1;

const Count = z.number().int().nonnegative();

const heading = {
  format: z.literal(PART_FORMAT),
  version: z.literal(PART_VERSION),
  tool: z.string().meta({ description: 'The version of fle-check that wrote the part.' }),
  made: z.iso.datetime().meta({ description: 'When it was written.' }),
  command: z.array(z.string()).readonly().meta({ description: 'The words after fle-check.' }),
};

const violationSchema = z.strictObject({
  claim: z.string().meta({ description: 'The claim violated; deadlock for a deadlock.' }),
  says: z.string().meta({ description: 'The claim in one sentence.' }),
  steps: Count.meta({ description: 'The number of steps of the trace.' }),
  page: z
    .string()
    .nullable()
    .meta({ description: 'The page of the trace, beside the index, if there is one.' }),
});

/** A violation as the index shows it: the trace has a page of its own. */
export type ShownViolation = z.infer<typeof violationSchema>;

const checkedSchema = z.strictObject({
  result: resultSchema.omit({ violation: true }),
  violation: violationSchema.nullable(),
  boundsInWords: z.string(),
  run: z.boolean().meta({ description: "False if the check ended before this model's turn." }),
  resumedAt: Count.nullable().meta({ description: 'Distinct states of the checkpoint resumed; or null.' }),
  excludedActions: z
    .record(z.string(), z.string())
    .readonly()
    .meta({ description: 'Actions that the bounds exclude, with the reason.' }),
  levels: z.array(Count).readonly().meta({ description: 'Distinct states of each depth, from 0 on.' }),
  growth: z
    .array(z.tuple([z.number().nonnegative(), Count]).readonly())
    .readonly()
    .meta({ description: 'Distinct states over time: seconds since the beginning, states.' }),
});

/** What `check` leaves. */
export const checkPartSchema = z.strictObject({
  ...heading,
  part: z.literal('check'),
  checked: z.array(checkedSchema).readonly(),
});

const exploredSchema = z.strictObject({
  result: explorationSchema.omit({ violation: true }),
  violation: violationSchema.nullable(),
  reduction: z.string().nullable().meta({ description: 'How the violation was reduced, in a sentence.' }),
  boundsInWords: z.array(z.string()).readonly().meta({ description: 'Each setting of the bounds once.' }),
  repeat: z
    .string()
    .nullable()
    .meta({ description: 'The command that makes the same runs; null if no run was made.' }),
});

/** What `explore` leaves. */
export const explorePartSchema = z.strictObject({
  ...heading,
  part: z.literal('explore'),
  explored: z.array(exploredSchema).readonly(),
});

/** What `mutants` leaves. */
export const mutantsPartSchema = z.strictObject({
  ...heading,
  part: z.literal('mutants'),
  trials: Count.meta({
    description: 'The number of trials asked for; after an interrupt there are fewer rows.',
  }),
  rows: z.array(rowSchema).readonly(),
});

export type CheckPart = z.infer<typeof checkPartSchema>;
export type CheckedPart = CheckPart['checked'][number];
export type ExplorePart = z.infer<typeof explorePartSchema>;
export type ExploredPart = ExplorePart['explored'][number];
export type MutantsPart = z.infer<typeof mutantsPartSchema>;

/** The schema of each part by its name, which is that of the command and, with `.json`, of the file. */
export const partSchemas = {
  check: checkPartSchema,
  explore: explorePartSchema,
  mutants: mutantsPartSchema,
};
export type PartName = keyof typeof partSchemas;
export type Parts = { readonly [K in PartName]: z.infer<(typeof partSchemas)[K]> | null };

/** The content of a command's part, without the heading, which all parts share. */
export type Said<K extends PartName> = Omit<NonNullable<Parts[K]>, keyof typeof heading | 'part'>;
