/**
 * How each state was first reached: the index of its parent and the code of the step, in order of discovery.
 */
import type { Schedule } from './outcome.js';

const CHUNK = 1 << 16;
/**
 * In place of the code of a step, which is less: this state is initial, and its parent the code of the
 * initial state.
 */
const INITIAL = 0xffff;

export class Predecessors {
  readonly #parents: Uint32Array[] = [];
  readonly #codes: Uint16Array[] = [];
  length = 0;

  pushInitial(code: number): void {
    this.push(code, INITIAL);
  }

  push(parent: number, code: number): void {
    const at = this.length % CHUNK;
    if (at === 0) {
      this.#parents.push(new Uint32Array(CHUNK));
      this.#codes.push(new Uint16Array(CHUNK));
    }
    const chunk = this.#parents.length - 1;
    this.#parents[chunk][at] = parent;
    this.#codes[chunk][at] = code;
    this.length++;
  }

  get bytes(): number {
    return this.#parents.length * CHUNK * 6;
  }

  /** The steps by which the state with this index was first reached. */
  scheduleTo(index: number): Schedule {
    const steps: number[] = [];
    for (;;) {
      const chunk = Math.floor(index / CHUNK);
      const code = this.#codes[chunk][index % CHUNK];
      const parent = this.#parents[chunk][index % CHUNK];
      if (code === INITIAL) return { initial: parent, steps: steps.reverse() };
      steps.push(code);
      index = parent;
    }
  }
}
