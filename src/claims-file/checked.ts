/**
 * Wraps a claim of a user for the engine, and checks that it is a pure function that returns true or false.
 * Anything else must not pass for a claim that holds.
 */
import { stripVTControlCharacters } from 'node:util';
import {
  type Claim,
  type Reading,
  SpecError,
  type StructType,
  type Twin,
  twinOf,
  type Witness,
} from '../language/index.js';
import { wordsOf } from '../rules-file/answer.js';

type State = Reading<StructType>;
export type OwnClaim = Claim<State>;
export type OwnWitness = Witness<State>;
export type Part = OwnClaim | OwnWitness;

/** A claim of a user is not a pure function that returns true or false: a fault of its file. */
export class OwnClaimFailed extends SpecError {}

/** The fault of a user's claim behind an error; null if it has another cause. */
export function ownClaimFaultOf(error: unknown): OwnClaimFailed | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OwnClaimFailed) return cause;
  }
  return null;
}

export const isClaim = (part: Part): part is OwnClaim => 'holds' in part;

/** Any function of a claim: of a state and how many steps were taken, or of two states and arguments. */
type Asked = (a: never, b?: never, ...rest: never[]) => unknown;

/** The part with its functions checked at every call. `of`: its file, for messages. */
export function checked(part: Part, of: string): Part {
  const asked = (member: string, ask: unknown) => {
    const name = `${member} of the claim ${part.name} in ${of}`;
    const isSaid = member === 'explain';
    const answer = guarded(name, ask as Asked);
    return isSaid ? textOf(name, answer) : truthOf(name, answer, elsewhere(ask as Asked));
  };
  if (!isClaim(part)) return { ...part, shows: asked('shows', part.shows) } as Part;
  return { ...part, holds: asked('holds', part.holds), explain: asked('explain', part.explain) } as Part;
}

// As many parameters as any claim takes: a list of arguments would be allocated at every call.
type Call = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown) => unknown;

function guarded(name: string, ask: Asked): Call {
  const call = ask as unknown as Call;
  const frozen = [new WeakSet<object>(), new WeakSet<object>()];
  return (a, b, c, d, e) => {
    freezeOnce(a, frozen[0]);
    freezeOnce(b, frozen[1]);
    try {
      return call(a, b, c, d, e);
    } catch (error) {
      throw new OwnClaimFailed(`${name} threw ${wordsOf(error)}`, { cause: error });
    }
  };
}

/**
 * A claim gets one view, which shows every state in turn. The search compares the fields of the state after a
 * call. It would not see that a claim sorts or cuts a list of the view, so the lists are frozen.
 */
function freezeOnce(view: unknown, frozen: WeakSet<object>): void {
  if (typeof view !== 'object' || view === null || frozen.has(view)) return;
  frozen.add(view);
  freezeLists(view);
}

function freezeLists(view: object): void {
  for (const part of Object.values(view)) {
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part)) continue;
    if (!Object.isFrozen(part)) freezeLists(part);
  }
  Object.freeze(view);
}

const truthOf =
  (name: string, ask: Call, askElsewhere: Call): Call =>
  (a, b, c, d, e) => {
    const answer = ask(a, b, c, d, e);
    if (answer !== true && answer !== false) {
      throw new OwnClaimFailed(`${name} returned ${kindOf(answer)}, which is neither true nor false`);
    }
    if (askElsewhere(a, b, c, d, e) === answer) return answer;
    const isKept = twinOf(a) !== null && ask(a, b, c, d, e) === answer;
    const second = isKept ? `not ${answer} ${KEPT}` : `${!answer} when asked again`;
    throw new OwnClaimFailed(`${name} returned ${answer}, and ${second}`);
  };

const KEPT = 'when asked again through another object: it keeps one from call to call (copy values instead)';

/**
 * Asks about the same states through other views, while the first views show other states. Otherwise a claim
 * that keeps a view would compare a state with itself, and hold.
 */
function elsewhere(ask: Asked): Call {
  const call = ask as unknown as Call;
  let [one, other]: unknown[] = [];
  let [twin, otherTwin]: (Twin | null)[] = [null, null];
  return (a, b, c, d, e) => {
    if (a !== one) [one, twin] = [a, twinOf(a)];
    if (b !== other) [other, otherTwin] = [b, twinOf(b)];
    try {
      return call(twin?.cover() ?? a, otherTwin?.cover() ?? b, c, d, e);
    } catch {
      // The same question did not throw just before, so this is another answer.
      return null;
    } finally {
      twin?.uncover();
      otherTwin?.uncover();
    }
  };
}

const textOf =
  (name: string, ask: Call): Call =>
  (a, b, c, d, e) => {
    const answer = ask(a, b, c, d, e);
    if (typeof answer !== 'string') {
      throw new OwnClaimFailed(`${name} returned ${kindOf(answer)}, not a sentence`);
    }
    const sentence = stripVTControlCharacters(answer).replace(/\s+/g, ' ').trim();
    if (sentence === '') throw new OwnClaimFailed(`${name} returned an empty sentence`);
    return sentence;
  };

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (value instanceof Promise) return 'a promise';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
