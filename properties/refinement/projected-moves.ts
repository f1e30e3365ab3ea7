/**
 * The moves of `fast-leader-election`: each step of the projection (role, clock and proposal of every
 * server), with the servers that have led before it.
 */

import type { FleSchema, FleState } from '../../models/fast-leader-election/model.js';
import { OFF } from '../../models/model/server-state.js';
import { type Expectations, everyStep, type Model } from '../../src/language/index.js';

export interface Explored {
  /** Each move once: the projection before and after, and the servers that have led. */
  readonly moves: ReadonlySet<string>;
  readonly states: number;
}

/** Explores a model to its end; `check` of the engine. */
type Check = (model: Model<FleSchema>, expectations: Expectations<FleState>) => { readonly distinct: number };

/** All moves of a model; if asked, without the names of servers for which nobody votes. */
export const movesBy =
  (check: Check) =>
  (model: Model<FleSchema>, nameless = false): Explored => {
    const moves = new Set<string>();
    // Most steps repeat an earlier move, and numbers show that faster than texts.
    const known = new Map<number, Set<number>>();
    const noting = everyStep<FleState>({
      name: 'noted',
      says: 'noted',
      source: 'this test',
      witness: '',
      explain: () => 'Every step is noted.',
      holds: (pre, post) => {
        if (!isMove(pre, post)) return true;
        const before = codeOf(pre) * 2 ** pre.server.length + pre.everLed;
        const after = codeOf(post);
        const others = known.get(before);
        if (others?.has(after)) return true;
        if (others === undefined) known.set(before, new Set([after]));
        else others.add(after);
        moves.add(moveOf(pre, post, nameless));
        return true;
      },
    });
    const { distinct } = check(model, { claims: [noting], witnesses: [] });
    return { moves, states: distinct };
  };

export function isMove(pre: FleState, post: FleState): boolean {
  for (let i = 0; i < pre.server.length; i++) {
    const [before, after] = [pre.server[i], post.server[i]];
    if (before.state !== after.state || before.proposal !== after.proposal) return true;
    if (before.logicalclock !== after.logicalclock) return true;
  }
  return false;
}

export const moveOf = (pre: FleState, post: FleState, nameless = false): string =>
  `${projectionOf(pre, nameless)} -> ${projectionOf(post, nameless)} after ${pre.everLed}`;

/** A projection as one number. With a bit for each server added it is still a safe integer. */
function codeOf({ server }: FleState): number {
  if (server.length > 6) throw new RangeError('a code holds no more than six servers');
  let code = 0;
  for (let i = 0; i < server.length; i++) {
    const { state, logicalclock, proposal } = server[i];
    if (logicalclock > 3) throw new RangeError('a code holds no more than three rounds');
    code = ((code * 5 + (isGone(server[i]) ? 4 : state)) * 4 + logicalclock) * 6 + proposal;
  }
  return code;
}

function projectionOf({ server }: FleState, nameless: boolean): string {
  let named = 0;
  for (let i = 0; i < server.length; i++) {
    if (server[i].state !== OFF) named |= 1 << server[i].proposal;
    else if (!isGone(server[i])) named |= 1 << i;
  }
  const texts: string[] = [];
  for (let i = 0; i < server.length; i++) {
    const { state, logicalclock, proposal } = server[i];
    const role = isGone(server[i]) ? 'gone' : state;
    const name = nameless && ((named >>> i) & 1) === 0 ? '' : i;
    texts.push(`${name}:${role} ${logicalclock} ${proposal}`);
  }
  return (nameless ? texts.sort() : texts).join();
}

/** Only bounds under which servers do not return have a field for crashed servers. */
const isGone = (server: FleState['server'][number]): boolean =>
  (server as { readonly crashed?: boolean }).crashed === true;
