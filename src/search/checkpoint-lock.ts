/**
 * Lets one run at a time save to a checkpoint. A run that saves to `x.checkpoint` keeps an empty file beside
 * it, `x.checkpoint.<pid>.lock`, until it ends. So there is no content that might be half written, and the
 * lock of a killed run is known by its process, which is gone.
 */
import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BadUsage } from '../process/usage.js';

/** Another run saves to the same checkpoint. */
export class CheckpointTaken extends BadUsage {
  constructor(file: string, pid: number) {
    super(
      `another run, process ${pid}, is saving to ${file}: wait for its end, or name another directory ` +
        `(its lock is ${lockOf(file, pid)}; if that process is no run of fle-check, remove the lock)`,
    );
  }
}

const lockOf = (file: string, pid: number): string => `${file}.${pid}.lock`;

/** Milliseconds that a run which has begun at the same time needs to give way. */
const GIVES_WAY = 100;

/**
 * Takes the lock of a checkpoint until this process ends. Throws `CheckpointTaken`, and errors of the disk.
 * If two runs begin at once and see each other, the one with the lower process id goes on.
 */
export function lockCheckpoint(file: string): void {
  const own = lockOf(file, process.pid);
  closeSync(openSync(own, 'w'));
  process.once('exit', () => remove(own));
  let other = anotherIn(file);
  if (other !== null && process.pid < other) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, GIVES_WAY);
    other = anotherIn(file);
  }
  if (other === null) return;
  remove(own);
  throw new CheckpointTaken(file, other);
}

/** The process of another run that holds the lock of this checkpoint; null if there is none. */
function anotherIn(file: string): number | null {
  const prefix = `${basename(file)}.`;
  for (const name of readdirSync(dirname(file))) {
    if (!name.startsWith(prefix)) continue;
    const pid = /^(\d+)\.lock$/.exec(name.slice(prefix.length))?.[1];
    if (pid !== undefined && isAnother(Number(pid))) return Number(pid);
  }
  return null;
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The next run sees that this process is gone.
  }
}

/** Removes incomplete files and locks of killed runs. Those of living runs stay. */
export function removeLeftovers(directory: string): void {
  for (const name of readdirSync(directory)) {
    const pid = /\.checkpoint\.(\d+)\.(?:new|lock)$/.exec(name)?.[1];
    if (pid !== undefined && !isAnother(Number(pid))) rmSync(join(directory, name), { force: true });
  }
}

/** Whether another living process has this id. In a container a run often has the id of the one before. */
function isAnother(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
