/**
 * Measures how long the user's code has had to answer. Time in which a busy machine did not run it does not
 * count.
 */
import { readdirSync, readFileSync } from 'node:fs';

/** The processor time of a process, and whether it wants more. */
export interface Usage {
  /** Milliseconds of processor time, of all its threads. */
  readonly used: number;
  /** Whether a thread of it runs, or would if it were given a processor. */
  readonly wants: boolean;
}

/**
 * Counts the time of a process, look by look. While one of its threads is ready to run, only its processor
 * time counts. While none is ready, all time counts: it may wait for ever. All time counts too if the system
 * reports nothing.
 */
export class Patience {
  readonly #usage: () => Usage | null;
  #spent = 0;
  #used = 0;

  constructor(usage: () => Usage | null) {
    this.#usage = usage;
    this.restart();
  }

  /** Begins to count anew. */
  restart(): void {
    this.#spent = 0;
    this.#used = this.#usage()?.used ?? 0;
  }

  /** Milliseconds that count since the beginning, so many after the last look. */
  look(passed: number): number {
    const usage = this.#usage();
    this.#spent += usage?.wants === true ? Math.min(passed, usage.used - this.#used) : passed;
    this.#used = usage?.used ?? this.#used;
    return this.#spent;
  }
}

/** Milliseconds of a tick in /proc: USER_HZ is 100. */
const TICK = 10;

/** What Linux tells of a process; null elsewhere, and of one that has ended. */
export function usageOf(pid: number | undefined): Usage | null {
  try {
    const tasks = readdirSync(`/proc/${pid}/task`).map((id) => fieldsOf(`/proc/${pid}/task/${id}/stat`));
    const [, , , , , , , , , , , user, system] = fieldsOf(`/proc/${pid}/stat`);
    return { used: TICK * (Number(user) + Number(system)), wants: tasks.some(([state]) => state === 'R') };
  } catch {
    return null;
  }
}

/** The fields behind the name, which may hold anything: proc_pid_stat(5). */
function fieldsOf(file: string): readonly string[] {
  const stat = readFileSync(file, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
