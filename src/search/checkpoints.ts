/**
 * `--checkpoint` and `--resume`: where checkpoints are, when one is due, and what a failure to write means.
 */
import { closeSync, existsSync, openSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { type Call, isSameAnswer, type RuleName, type RuleSet } from '../../models/index.js';
import type { Case } from '../../properties/index.js';
import { claimsAsData } from '../claims-file/opened.js';
import type { BreadthFirst } from '../engine/breadth-first.js';
import {
  CheckpointRefused,
  definitionOf,
  type Identity,
  loadCheckpoint,
  saveCheckpoint,
  statesIn,
} from '../engine/checkpoint.js';
import type { Store } from '../engine/store.js';
import type { StructType } from '../language/index.js';
import { checkWritable, makeDirectory } from '../process/files.js';
import { BadUsage, CannotWrite, reasonOf } from '../process/usage.js';
import { VERSION } from '../process/version.js';
import { counted } from '../report/terminal.js';
import { digestOf } from '../rules-file/index.js';
import { lockCheckpoint, removeLeftovers } from './checkpoint-lock.js';

/** Whether and where a search is saved and resumed. */
export interface CheckpointOptions {
  /** Where checkpoints are written. */
  readonly checkpoint?: string;
  /** Milliseconds between two of them. */
  readonly checkpointEvery: number;
  /** The directory to resume from; checkpoints go there too, unless `checkpoint` names another. */
  readonly resume?: string;
}

/**
 * Before a long search, makes the directory of checkpoints and locks this run's files in it. Throws
 * `BadUsage` if there is nothing to resume, a saved search would be lost, or another run saves there; and
 * `CannotWrite`.
 */
export function prepareDirectories(cases: readonly Case[], { checkpoint, resume }: CheckpointOptions): void {
  if (resume !== undefined && !cases.some((one) => existsSync(fileOf(resume, one)))) {
    const names = cases.map((one) => basename(fileOf(resume, one))).join(', ');
    throw new BadUsage(`nothing to resume: ${resume} has no ${names}`);
  }
  const target = checkpoint ?? resume;
  if (target === undefined) return;
  try {
    makeDirectory(resolve(target));
    removeLeftovers(target);
    tryToWrite(target);
  } catch (error) {
    throw new CannotWrite(target, error);
  }
  const files = cases.map((one) => fileOf(target, one));
  files.forEach(checkWritable);
  if (resume === undefined || realpathSync(resume) !== realpathSync(target)) files.forEach(refuseSaved);
  files.forEach(lock);
}

/** Throws `BadUsage` if there is a file that this search would overwrite or remove. */
function refuseSaved(file: string): void {
  if (!existsSync(file)) return;
  const states = statesIn(file);
  const saved = states === null ? 'is there already' : `holds a saved search (${counted(states, 'state')})`;
  const advice = `--resume ${dirname(file)} goes on with it`;
  throw new BadUsage(
    `${file} ${saved}; ${states === null ? 'remove it' : advice}, or name another directory`,
  );
}

function lock(file: string): void {
  try {
    lockCheckpoint(file);
  } catch (error) {
    throw error instanceof BadUsage ? error : new CannotWrite(file, error);
  }
}

const fileOf = (directory: string, { family }: Case): string => join(directory, `${family.name}.checkpoint`);

/** Tries to write: for root, permissions do not tell whether a directory can be written. */
function tryToWrite(directory: string): void {
  const file = join(directory, `trial.checkpoint.${process.pid}.new`);
  closeSync(openSync(file, 'w'));
  rmSync(file);
}

/** The checkpoints of one case. */
export class Checkpoints {
  readonly #identity: Identity;
  readonly #from: string | null;
  readonly #to: string | null;
  readonly #every: number;
  readonly #subject: Case;
  #last = performance.now();
  /** The last failure reported, so that a disk that stays full is reported once. */
  #told = '';

  constructor(subject: Case, { checkpoint, checkpointEvery, resume }: CheckpointOptions) {
    this.#from = resume === undefined ? null : fileOf(resume, subject);
    const target = checkpoint ?? resume;
    this.#to = target === undefined ? null : fileOf(target, subject);
    this.#identity = this.#to === null ? {} : identityOf(subject);
    this.#every = checkpointEvery;
    this.#subject = subject;
  }

  /** Fills the store of a search from the checkpoint to resume; null if there is none. */
  get restore(): ((store: Store) => void) | null {
    const file = this.#from;
    if (file === null || !existsSync(file)) return null;
    return (store) => {
      try {
        const called = (loadCheckpoint(file, store, this.#identity) ?? []) as readonly Called[];
        const { calls, ruleSet } = this.#subject;
        const other = called.find((one) => !isSameAnswer(answerOf(ruleSet, one.call), one.answer));
        if (other !== undefined) throw new CheckpointRefused(file, changeInWords(ruleSet, other));
        calls?.addAll(called.map(({ call }) => call));
      } catch (error) {
        if (error instanceof CheckpointRefused) throw new BadUsage(error.message);
        if (!(error instanceof Error) || !('code' in error)) throw error;
        throw new BadUsage(`${file} cannot be resumed: ${reasonOf(error)}`);
      }
    };
  }

  /** True if a checkpoint is wanted and the last one is old enough. */
  get due(): boolean {
    return this.#to !== null && performance.now() - this.#last >= this.#every;
  }

  /** Writes a checkpoint if one is wanted. A failure is reported, and costs only this checkpoint. */
  save({ store }: BreadthFirst<StructType>): void {
    // A search that ended among its initial states is not worth saving.
    if (this.#to === null || store.expanded === 0) return;
    try {
      saveCheckpoint(this.#to, store, this.#identity, calledOf(this.#subject));
      this.#told = '';
    } catch (error) {
      const kept = existsSync(this.#to) ? 'the one from before is kept' : 'there is none from before';
      const failure = `cannot write a checkpoint to ${this.#to}: ${reasonOf(error)}; ${kept}`;
      if (failure !== this.#told) process.stderr.write(`fle-check: ${failure}\n`);
      this.#told = failure;
    }
    this.#last = performance.now();
  }

  /** A search that has ended leaves nothing to resume. */
  discard(): void {
    if (this.#to === null) return;
    try {
      rmSync(this.#to, { force: true });
    } catch (error) {
      process.stderr.write(`fle-check: cannot remove the checkpoint ${this.#to}: ${reasonOf(error)}\n`);
    }
  }
}

/**
 * A call of a rule with its answer. The calls count for the verdict. The answers are compared before a search
 * goes on, because no digest covers a file that a rule reads.
 */
interface Called {
  readonly call: Call;
  readonly answer: unknown;
}

const calledOf = ({ calls, ruleSet }: Case): readonly Called[] | null =>
  calls?.calls.map((call) => ({ call, answer: answerOf(ruleSet, call) })) ?? null;

/** The answer of a rule of the set; null if the set does not override the rule. */
function answerOf({ overrides }: RuleSet, [name, ...args]: Call): unknown {
  const rule = overrides[name as RuleName] as unknown;
  return typeof rule === 'function' ? rule(...args) : (rule ?? null);
}

function changeInWords(ruleSet: RuleSet, { call, answer }: Called): string {
  const [rule, ...args] = call;
  const what = `${rule}(${args.join(', ')})`;
  const [then, now] = [answer, answerOf(ruleSet, call)].map((value) => JSON.stringify(value));
  return `the rules of ${ruleSet.name} have changed: ${what} was ${then}, and is ${now} now`;
}

function identityOf({ family, bounds, ruleSet, model, expectations }: Case): Identity {
  return {
    'version of fle-check': VERSION,
    model: family.name,
    bounds,
    rules: ruleSet.name,
    // For rules from a file a digest stands for the content; the name alone would not.
    'content of the rules': digestOf(ruleSet),
    'content of the model': family.file ?? null,
    'content of the claims': claimsAsData()?.digest ?? null,
    claims: expectations.claims.map(({ name }) => name),
    definition: definitionOf(model, expectations),
    code: digestOfCode(),
  };
}

/**
 * Everything that determines the results of a search: after a change of a rule, its old states are useless.
 */
const CODE = ['../../models', '../../properties', '../language', '../engine'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

/** A checksum of all code of models, claims and engine. */
function digestOfCode(): string {
  let sum = 0;
  for (const folder of CODE) {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.js'),
    );
    for (const name of names.sort()) sum = crc32(readFileSync(join(folder, name)), crc32(name, sum));
  }
  return sum.toString(16).padStart(8, '0');
}
