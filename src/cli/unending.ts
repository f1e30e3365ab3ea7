/**
 * Rules that never return. Nothing but the end of its thread, or V8 itself, can interrupt one. A call that
 * has been interrupted is remembered; the search is then made again, and refuses the call when it comes to
 * it, so that it can say in which step and in which state.
 */
import { createContext, Script } from 'node:vm';
import { BadUsage } from './usage.js';

/** A call of a rule, by its name and arguments. */
export interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** A rule has not returned in time: what was under way is lost, and has to be made again. Never a defect. */
export class Unending extends BadUsage {
  constructor(what: string) {
    super(`${what} does not come to an end: a rule, or a model that waits for one, may loop for ever`);
  }
}

const keyOf = ({ name, args }: Call): string => `${name}(${args.map(String).join()})`;

/** Calls that do not return. Each thread has its own. */
const unending = new Set<string>();
let underWay: Call | null = null;
let alone = false;

/** From now on whoever makes this call is to be refused. */
export const noteUnending = (call: Call): void => {
  unending.add(keyOf(call));
};

/** Whether it is known that a call does not return. */
export const isUnending = (name: string, args: readonly unknown[]): boolean =>
  unending.size > 0 && unending.has(keyOf({ name, args }));

/** Notes that a rule is being called, and, with null, that it has returned or thrown. */
export const setUnderWay = (call: Call | null): void => {
  underWay = call;
};

/** True after threads stood still: what they were at can only be found in this one. */
export const mustRunAlone = (): boolean => alone;

/** Threads stand still, one of them in a rule: the search must be made again in this thread. */
export function standStill(what: string): Unending {
  alone = true;
  return new Unending(what);
}

const context = createContext({ body: (): unknown => null });
const script = new Script('body()');

/** The value of a body; `Unending`, and its call remembered, if it takes more than so many milliseconds. */
export function within<T>(milliseconds: number, what: string, body: () => T): T {
  context.body = body;
  try {
    return script.runInContext(context, { timeout: milliseconds }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    if (underWay !== null) noteUnending(underWay);
    underWay = null;
    throw new Unending(what);
  }
}

/**
 * The value of a body that is run again as long as a call interrupts it that was not known not to return.
 * Throws the last `Unending` if none was under way.
 */
export async function again<T>(body: () => Promise<T>): Promise<T> {
  for (;;) {
    const known = unending.size;
    const wasAlone = alone;
    try {
      return await body();
    } catch (error) {
      if (!(error instanceof Unending)) throw error;
      if (unending.size === known && alone === wasAlone) throw error;
    }
  }
}
