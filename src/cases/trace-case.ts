/** A trace on today's model: reads its file, chooses its rules, validates its bounds. */
import { z } from 'zod';
import {
  BOUND_NAMES,
  BOUNDS,
  type BoundName,
  type Bounds,
  type ModelFamily,
  type RuleSet,
} from '../../models/index.js';
import { MOST_ZXID } from '../../models/votes/zxid.js';
import { leadershipQuestions } from '../../properties/claims/leadership.js';
import type { Case } from '../../properties/index.js';
import { caseAsked } from '../claims-file/opened.js';
import { SpecError } from '../language/index.js';
import { BadUsage } from '../process/usage.js';
import { isRulesFile } from '../rules-file/index.js';
import { readTrace, TraceRefused } from '../trace/read.js';
import type { Trace } from '../trace/trace.js';
import { boundsInOrder, chooseRuleSet, familyCalled, ruleSetFor } from './choices.js';

/** Reads a trace file. Throws `BadUsage` of one line. */
export function readOrRefuse(path: string): Trace {
  try {
    return readTrace(path);
  } catch (error) {
    throw error instanceof TraceRefused ? new BadUsage(error.message, { cause: error }) : error;
  }
}

/** The values of a bound in a trace: more than `check` takes, since `explore` goes further. */
function boundType(name: BoundName): z.ZodType {
  const bound: (typeof BOUNDS)[BoundName] = BOUNDS[name];
  const type = valueType(bound);
  return bound.isLater ? type.default(bound.least) : type;
}

function valueType(bound: (typeof BOUNDS)[BoundName]): z.ZodType {
  switch (bound.kind) {
    case 'count':
      return z.number().int().min(bound.inTraces[0]).max(bound.inTraces[1]);
    case 'choice':
      return z.enum(bound.values as readonly [string]);
    case 'zxids':
      return z.union([
        z.enum(['every', 'ranks']),
        z.array(z.number().int().min(0).max(MOST_ZXID)).readonly(),
      ]);
    case 'names':
      return z.string().max(200);
  }
}

const boundTypes = Object.fromEntries(BOUND_NAMES.map((name) => [name, boundType(name)]));

/** Each bound that the model takes must be there. Others may be, and are ignored. */
const boundsSchemaOf = (family: ModelFamily, election: Bounds['election']) =>
  z.strictObject({ ...z.object(boundTypes).partial().shape, ...pick(boundsInOrder(family, { election })) });

const pick = (names: readonly BoundName[]) =>
  Object.fromEntries(names.map((name) => [name, boundTypes[name]]));

/** The rules that the trace names; for rules from a file, those of the file that the user names. */
export async function ruleSetOfTrace(
  trace: Trace,
  path: string,
  rules: string | undefined,
): Promise<RuleSet> {
  if (rules !== undefined) return ruleSetFor(rules);
  if (!isRulesFile(trace.rules)) return chooseRuleSet(trace.rules);
  throw new BadUsage(
    `${path} needs the rules in ${trace.rules}; name them with --rules, or they are not run`,
  );
}

/** The model a trace is of, as it is now. Throws `BadUsage` if there is no such model, rule set or bounds. */
export function caseOfTrace(trace: Trace, path: string, ruleSet: RuleSet): Case {
  const family = familyCalled(trace.model);
  const parsed = boundsSchemaOf(family, trace.bounds.election === 'fle' ? 'fle' : 'free').safeParse(
    trace.bounds,
  );
  if (!parsed.success) {
    const [{ path: at, message }] = parsed.error.issues;
    const where = at.length === 0 ? '' : `${at.join('.')}: `;
    throw new BadUsage(`${path} has bounds that no model takes: ${where}${message}`);
  }
  try {
    const bounds = { ...family.presets.tiny, ...(parsed.data as Partial<Bounds>) };
    return withAnswers(caseAsked(family, bounds, ruleSet), trace.claim);
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    throw new BadUsage(`${path} has bounds that ${family.name} cannot have: ${error.message}`, {
      cause: error,
    });
  }
}

/** The case of a trace of `leaders` has its questions too, so that `replay` checks what the trace shows. */
function withAnswers(subject: Case, claim: string): Case {
  if (subject.family.name !== 'fast-leader-election') return subject;
  const { claims, witnesses } = subject.expectations;
  const asked = leadershipQuestions(subject.bounds.servers).filter(({ name }) => name === claim);
  const questions = asked as unknown as typeof witnesses;
  return { ...subject, expectations: { claims, witnesses: [...witnesses, ...questions] } };
}
