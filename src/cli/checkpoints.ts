/** `--checkpoint` and `--resume`: where checkpoints lie, when one is due, and what a failure means. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Case } from '../../properties/index.js';
import type { BreadthFirst } from '../engine/breadth-first.js';
import {
  CheckpointRefused,
  definitionOf,
  type Identity,
  loadCheckpoint,
  saveCheckpoint,
} from '../engine/checkpoint.js';
import type { Store } from '../engine/store.js';
import type { StructType } from '../spec/index.js';
import { makeDirectory } from './files.js';
import { BadUsage, CannotWrite, reasonOf } from './usage.js';
import { VERSION } from './version.js';

/** What `addCheckpointOptions` adds. */
export interface CheckpointOptions {
  /** Where checkpoints are written. */
  readonly checkpoint?: string;
  /** Milliseconds between two of them. */
  readonly checkpointEvery: number;
  /** Where a run goes on from; its checkpoints are written there too, unless `checkpoint` says otherwise. */
  readonly resume?: string;
}

/** Throws `CannotWrite` for a directory that cannot be made, `BadUsage` for one with nothing to resume. */
export function prepareDirectories(cases: readonly Case[], { checkpoint, resume }: CheckpointOptions): void {
  if (resume !== undefined && !cases.some((one) => existsSync(fileOf(resume, one)))) {
    const names = cases.map((one) => basename(fileOf(resume, one))).join(', ');
    throw new BadUsage(`nothing to resume: ${resume} has no ${names}`);
  }
  if (checkpoint === undefined) return;
  try {
    makeDirectory(resolve(checkpoint));
    removeLeftovers(checkpoint);
  } catch (error) {
    throw new CannotWrite(checkpoint, error);
  }
}

const fileOf = (directory: string, { rung }: Case): string => join(directory, `${rung.name}.checkpoint`);

/** Removes what runs that were killed have left half written; runs that still live keep theirs. */
function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = /\.checkpoint\.(\d+)\.new$/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(directory, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The checkpoints of one case. */
export class Checkpoints {
  readonly #identity: Identity;
  readonly #from: string | null;
  readonly #to: string | null;
  readonly #every: number;
  #last = performance.now();

  constructor(subject: Case, { checkpoint, checkpointEvery, resume }: CheckpointOptions) {
    const { rung, bounds, ruleSet, model, expectations } = subject;
    this.#identity = {
      'version of fle-check': VERSION,
      model: rung.name,
      bounds,
      rules: ruleSet.name,
      claims: expectations.claims.map(({ name }) => name),
      definition: definitionOf(model, expectations),
    };
    this.#from = resume === undefined ? null : fileOf(resume, subject);
    const target = checkpoint ?? resume;
    this.#to = target === undefined ? null : fileOf(target, subject);
    this.#every = checkpointEvery;
  }

  /** Fills the store of a search from the checkpoint to resume; null if there is none. */
  get restore(): ((store: Store) => void) | null {
    const file = this.#from;
    if (file === null || !existsSync(file)) return null;
    return (store) => {
      try {
        loadCheckpoint(file, store, this.#identity);
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

  /** Writes a checkpoint if one is wanted; tells a failure, which costs no more than this one. */
  save({ store }: BreadthFirst<StructType>): void {
    if (this.#to === null) return;
    try {
      saveCheckpoint(this.#to, store, this.#identity);
    } catch (error) {
      const kept = existsSync(this.#to) ? 'the one from before is kept' : 'there is none from before';
      process.stderr.write(
        `fle-check: cannot write a checkpoint to ${this.#to}: ${reasonOf(error)}; ${kept}\n`,
      );
    }
    this.#last = performance.now();
  }

  /** A search that has come to its end leaves nothing to resume. */
  discard(): void {
    if (this.#to !== null) rmSync(this.#to, { force: true });
  }
}
