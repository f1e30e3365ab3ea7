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

/** The model, rules and claims whose failures are replayed. Other failures are left alone. */
export interface Question {
  readonly family: ModelFamily;
  readonly ruleSet: RuleSet;
  /** The claims asked for; all of them if undefined. */
  readonly claims: readonly string[] | undefined;
}

/** A stored failure that still fails, with the steps that the model takes today. */
export interface StillFailing {
  readonly path: string;
  readonly subject: Case;
  readonly claim: string;
  readonly schedule: Schedule;
}

export interface Replays {
  readonly replayed: readonly Replayed[];
  /** The shortest failure that still fails; null if none does. */
  readonly failing: StillFailing | null;
  /** The number of this model's failures under other rules or claims. */
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

/** A file that cannot be read belongs to the model whose name it begins with. */
export const isOf = ({ path, trace }: Failure, model: string): boolean =>
  trace === null ? basename(path).startsWith(`${model}.`) : trace.model === model;

const isAsked = ({ trace }: Failure, { ruleSet, claims }: Question): boolean =>
  trace === null ||
  (isSameRules(trace.rules, ruleSet.name) &&
    (claims === undefined || claims.includes(trace.claim) || trace.claim === DEADLOCK));

const isShorter = ({ schedule }: StillFailing, than: StillFailing | null): boolean =>
  than === null || schedule.steps.length < than.schedule.steps.length;

/** Reports a directory that cannot be used, and files that belong to no model; returns an exit code. */
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
 * If this version kept the failure, the model is the same. Then it is a change in the file of rules that
 * refuses a step.
 */
const isMended = ({ kind, step }: Mismatch, { rules, tool }: Trace): boolean =>
  kind === 'not enabled' && step > 0 && isRulesFile(rules) && tool === VERSION;

function holds(refused: Mismatch | null, path: string, trace: Trace): Found {
  const because = refused === null ? null : `${path}: ${mismatchInWords(refused, trace)}`;
  return { outcome: 'holds', because, still: null };
}

/** A line for each replayed failure but the one reported, and a line for those not replayed. */
export function replaysInWords(
  { replayed, failing, others }: Replays,
  { ruleSet }: Question,
): readonly string[] {
  const lines = replayed
    .filter(({ failure }) => failure !== failing?.path)
    .map(({ failure, outcome, because }) =>
      match(outcome)
        .with('fails', () => `Also fails: ${failure}`)
        .with('holds', () => `No longer fails: ${because ?? failure}; ${toDo(ruleSet)}`)
        .with('stale', () => `Stale: ${because}; remove it once you know why`)
        .exhaustive(),
    );
  const left = `Not replayed: ${counted(others, 'stored failure')} under other rules or claims`;
  return [...lines, ...(others === 0 ? [] : [left])];
}

/** Whether a regression under these rules may hold. Wrong rule sets that ship must fail. */
export const mayHold = (rules: string): boolean => rules === 'correct' || isRulesFile(rules);

const toDo = ({ name }: RuleSet): string =>
  mayHold(name) ? 'keep it with fle-check promote, or remove it' : 'remove it';
