/** The numbers that a caller of a search gives, and which of them make no sense. */
import { SpecError } from '../language/errors.js';

export interface Limits {
  /** Stop when this many distinct states are known. */
  readonly states?: number;
  /** Stop before a block for which the seen-set would grow beyond this many bytes of data in all. */
  readonly memory?: number;
}

/** A number that a search is given is none, or too small: it would not end, or say what nobody has asked. */
export class InvalidOption extends SpecError {
  constructor(what: string, given: unknown, needed: string) {
    super(
      `${what} is ${String(given)}, but must be ${needed}. Usually it is computed from what is missing: ` +
        'look at what was passed, or leave it out.',
    );
  }
}

/** The limits as numbers, Infinity without one. Throws InvalidOption. */
export function limitsOf({ states = Infinity, memory = Infinity }: Limits): Required<Limits> {
  if (!isCount(states) && states !== Infinity) {
    throw new InvalidOption('the limit `states`', states, 'a whole number from 1, or Infinity');
  }
  if (!isPositive(memory)) throw new InvalidOption('the limit `memory`', memory, 'a number of bytes above 0');
  return { states, memory };
}

/** Throws InvalidOption unless a slice of a search lets it go on. */
export function refuseEmptySlice(slice: number): void {
  if (!isPositive(slice)) throw new InvalidOption('what `advance` is given', slice, 'a number above 0');
}

/** Throws InvalidOption unless there may be so many threads. */
export function refuseNoCrew(size: number): void {
  if (!isCount(size)) throw new InvalidOption('the number of workers', size, 'a whole number from 1');
}

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isPositive = (value: unknown): boolean => typeof value === 'number' && value > 0;
