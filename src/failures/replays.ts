/** The stored failures of a model, replayed before it is explored at random. */
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { match } from 'ts-pattern';
import { families, type ModelFamily, type RuleSet } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { caseOfTrace } from '../cases/trace-case.js';
import { userFaultOf } from '../claims-file/user-fault.js';
import { DEADLOCK, type Schedule } from '../engine/outcome.js';
import { SpecError } from '../language/index.js';
import { EXIT, type ExitCode, gravest } from '../process/exit.js';
import type { Interrupt } from '../process/interrupt.js';
import { BadUsage } from '../process/usage.js';
import { VERSION } from '../process/version.js';
import type { Replayed } from '../report/schemas.js';
import { counted } from '../report/terminal.js';
import { isRulesFile } from '../rules-file/index.js';
import { mismatchInWords } from '../trace/mismatch-in-words.js';
import type { Mismatch } from '../trace/replay.js';
import { type Rerun, rerun } from '../trace/rerun.js';
import type { Trace } from '../trace/trace.js';
import { type Failure, isSameRules, type Store } from './failures.js';

/** What is asked of the stored failures: those of other models, rules and claims are left alone. */
export interface Question {
  readonly family: ModelFamily;
  readonly ruleSet: RuleSet;
  /** The claims asked for; all of them if undefined. */
  readonly claims: readonly string[] | undefined;
}

/** A stored failure that fails still, by the steps that the model takes of it today. */
export interface StillFailing {
  readonly path: string;
  readonly subject: Case;
  readonly claim: string;
  readonly schedule: Schedule;
}

export interface Replays {
  readonly replayed: readonly Replayed[];
  /** Of those that fail still, the one of the fewest steps; null if there is none. */
  readonly failing: StillFailing | null;
  /** How many of the model are of other rules or claims. */
  readonly others: number;
}

/** Replays the stored failures of a model under the rules and claims asked for, until an interrupt. */
export async function replayFailures(
  failures: readonly Failure[],
  question: Question,
  interrupt: Interrupt,
): Promise<Replays> {
  const ofModel = failures.filter((failure) => isOf(failure, question.family.name));
  const concerned = ofModel.filter((failure) => isAsked(failure, question));
  const replayed: Replayed[] = [];
  let failing: StillFailing | null = null;
  for (const { path, trace, refused } of concerned) {
    if (interrupt.requested) break;
    const found = trace === null ? stale(refused ?? path) : replayFailure(path, trace, question.ruleSet);
    replayed.push({ failure: path, outcome: found.outcome, because: found.because });
    const { still } = found;
    if (still !== null && isShorter(still, failing)) failing = still;
    await nextTurn();
  }
  return { replayed, failing, others: ofModel.length - concerned.length };
}

/** What cannot be read belongs to the model with which its name begins. */
export const isOf = ({ path, trace }: Failure, model: string): boolean =>
  trace === null ? basename(path).startsWith(`${model}.`) : trace.model === model;

const isAsked = ({ trace }: Failure, { ruleSet, claims }: Question): boolean =>
  trace === null ||
  (isSameRules(trace.rules, ruleSet.name) &&
    (claims === undefined || claims.includes(trace.claim) || trace.claim === DEADLOCK));

const isShorter = ({ schedule }: StillFailing, than: StillFailing | null): boolean =>
  than === null || schedule.steps.length < than.schedule.steps.length;

/** Tells what is wrong with the directory, and the files of it that belong to no model; an exit code. */
export function tellStore({ error, failures }: Store): ExitCode {
  const orphans = failures.filter((failure) => !families.some(({ name }) => isOf(failure, name)));
  const lines = [
    ...(error === null ? [] : [error.message]),
    ...orphans.map(({ path, trace, refused }) => {
      const because = trace === null ? refused : `${path}: no model is called ${trace.model}`;
      return `stale: ${because}; remove it once you know why`;
    }),
  ];
  for (const line of lines) process.stderr.write(`fle-check: ${line}\n`);
  return gravest([
    error === null ? EXIT.holds : EXIT.badUsage,
    orphans.length === 0 ? EXIT.holds : EXIT.inconclusive,
  ]);
}

export interface Found extends Pick<Replayed, 'outcome' | 'because'> {
  /** Null unless the outcome is *fails*. */
  readonly still: StillFailing | null;
}

const stale = (because: string): Found => ({
  outcome: 'stale',
  because: because.replace(/\.$/, ''),
  still: null,
});

/** Takes the schedule of one stored failure again. Throws the fault of a rule from a file. */
export function replayFailure(path: string, trace: Trace, ruleSet: RuleSet): Found {
  try {
    const subject = caseOfTrace(trace, path, ruleSet);
    return told(rerun(subject.model, subject.expectations, trace), path, trace, subject);
  } catch (error) {
    // A rule that fails is no fault of the stored failure: the exploration would meet it too.
    if (userFaultOf(error) !== null) throw error;
    if (error instanceof BadUsage) return stale(error.message);
    if (error instanceof SpecError) return stale(`${path}: the model fails: ${error.message.split('\n')[0]}`);
    throw error;
  }
}

function told(found: Rerun, path: string, trace: Trace, subject: Case): Found {
  switch (found.kind) {
    case 'fails': {
      const still = { path, subject, claim: trace.claim, schedule: found.schedule };
      return { outcome: 'fails', because: null, still };
    }
    case 'holds':
      return holds(found.refused, path, trace);
    case 'stale':
      return isMended(found.mismatch, trace)
        ? holds(found.mismatch, path, trace)
        : stale(`${path}: ${mismatchInWords(found.mismatch, trace)}`);
  }
}

/**
 * In the version that has kept it the model is the same, so what refuses a step now is what was changed in
 * the file of rules.
 */
const isMended = ({ kind, step }: Mismatch, { rules, tool }: Trace): boolean =>
  kind === 'not enabled' && step > 0 && isRulesFile(rules) && tool === VERSION;

function holds(refused: Mismatch | null, path: string, trace: Trace): Found {
  const because = refused === null ? null : `${path}: ${mismatchInWords(refused, trace)}`;
  return { outcome: 'holds', because, still: null };
}

/** A line for each that does not fail still, or fails besides the one reported, and one for the rest. */
export function replaysInWords(
  { replayed, failing, others }: Replays,
  { ruleSet }: Question,
): readonly string[] {
  const lines = replayed
    .filter(({ failure }) => failure !== failing?.path)
    .map(({ failure, outcome, because }) =>
      match(outcome)
        .with('fails', () => `Fails too: ${failure}`)
        .with('holds', () => `No longer fails: ${because ?? failure}; ${toDo(ruleSet)}`)
        .with('stale', () => `Stale: ${because}; remove it once you know why`)
        .exhaustive(),
    );
  const left = `Not replayed: ${counted(others, 'stored failure')} of other rules or claims`;
  return [...lines, ...(others === 0 ? [] : [left])];
}

/** Mutants that ship must fail: a schedule that they survive is no regression. */
export const mayHold = (rules: string): boolean => rules === 'correct' || isRulesFile(rules);

const toDo = ({ name }: RuleSet): string =>
  mayHold(name) ? 'keep it with fle-check promote, or remove it' : 'remove it';
