/**
 * Random schedules of real servers and their twin. A schedule is a list of numbers. Each number stands for
 * one of the steps that are possible when its turn comes, so a shortened list is a schedule too.
 */
import fc from 'fast-check';
import { type Heard, POLL, type Strange } from '../../models/fle-faithful/state.js';
import type { Bounds } from '../../models/index.js';
import { FOLLOWING, LEADING, LOOKING, OBSERVING, OFF } from '../../models/model/server-state.js';
import { epochOfZxid, MOST_VERSIONS, zxidOfVersion } from '../../models/votes/zxid.js';
import { type Format, MALFORMED } from './notification.js';
import type { Step, Twin } from './twin.js';

export const STRANGE: Strange = { mostEpoch: 3 };

/** Bounds that no schedule reaches. */
export const randomBounds = (servers: number): Bounds => ({
  servers,
  rounds: 12,
  crashes: 15,
  returns: 'any',
  abandons: 15,
  disconnects: 15,
  resends: 15,
  slots: 3,
  queue: 12,
  start: 'staggered',
  zxids: 'ranks',
  dataVersions: 1,
  election: 'free',
  epochs: 1,
  txns: 0,
  observers: 0,
  reduce: 'none',
});

export interface RandomSchedule {
  readonly servers: number;
  /** For each server the place of its zxid, from -1 on, and its epoch. */
  readonly credentials: readonly { readonly zxid: number; readonly epoch: number }[];
  readonly choices: readonly number[];
}

const MOST_SERVERS = 5;

/** Schedules of at most this number of steps, half as many on average. */
export const randomSchedules = (length: number): fc.Arbitrary<RandomSchedule> =>
  // Without bias: small numbers are no likelier steps, and short schedules find no more.
  fc.noBias(
    fc.record({
      servers: fc.integer({ min: 3, max: MOST_SERVERS }),
      credentials: fc.array(
        fc.record({ zxid: fc.integer({ min: -1, max: 2 }), epoch: fc.integer({ min: 0, max: 2 }) }),
        { minLength: MOST_SERVERS, maxLength: MOST_SERVERS },
      ),
      choices: fc.array(fc.nat(), { maxLength: length, size: 'max' }),
    }),
  );

/** The weight of each action when it is possible. */
const WEIGHTS: { readonly [action: string]: number } = {
  StartServer: 6,
  ReceiveNotification: 6,
  HandleNotification: 8,
  EndFinalizeWait: 6,
  ResendNotifications: 1,
  PublishVote: 3,
  AbandonLeader: 1,
  CrashServer: 1,
  BreakConnection: 1,
};

/** Splits a number into small choices. */
class Digits {
  #rest: number;

  constructor(choice: number) {
    this.#rest = choice;
  }

  below(count: number): number {
    const digit = this.#rest % count;
    this.#rest = Math.floor(this.#rest / count);
    return digit;
  }
}

const FORMATS: readonly Format[] = ['today', 'today', 'noConfig', '40 bytes', '28 bytes'];

/** One of this number of steps comes from outside of the model. */
const ODD = 3;

/** The step behind a number, among those possible now; null if there is none. */
export function chosen(twin: Twin, choice: number): Step | null {
  const digits = new Digits(choice);
  const odd = digits.below(ODD) === ODD - 1 ? oddStep(twin, digits) : null;
  if (odd !== null) return odd;
  const steps: Step[] = [];
  for (const step of twin.instances) {
    if (!twin.admits(step)) continue;
    const weight = WEIGHTS[twin.model.actions[step.action].name];
    for (let i = 0; i < weight; i++) steps.push(step);
  }
  return steps.length === 0 ? null : steps[digits.below(steps.length)];
}

/** A step that no server causes; null if the one drawn is not possible now. */
function oddStep(twin: Twin, digits: Digits): Step | null {
  const { servers, queue } = twin.bounds;
  const kind = digits.below(8);
  const me = digits.below(servers);
  const self = twin.state.server[me];
  if (self.state === OFF) return null;
  if (kind === 0) {
    const waits = self.place === POLL && self.recvqueue.length === 0;
    return waits ? { kind: 'connectAll', me } : null;
  }
  const from = digits.below(servers);
  if (kind === 1) return { kind: 'malformed', me, from, which: digits.below(MALFORMED.length) };
  const vote = heardBy(digits, twin, me, from);
  if (kind === 2) return { kind: 'stranger', me, heard: { ...vote, hasVersion: true } };
  if (self.state === LOOKING && self.recvqueue.length === queue) return null;
  const format = FORMATS[digits.below(FORMATS.length)];
  const told = { ...vote, hasVersion: format === 'today' || format === 'noConfig' };
  return { kind: 'hear', me, from, format, heard: format === '28 bytes' ? withoutEpoch(told) : told };
}

/**
 * A vote. It may be for a server outside of the configuration, or from a server without a database. It is
 * often for the same server in the round of its reader, so that quorums form.
 */
function heardBy(
  digits: Digits,
  { bounds, state }: Twin,
  me: number,
  from: number,
): Omit<Heard, 'hasVersion'> {
  const { servers, rounds } = bounds;
  const often = () => digits.below(3) > 0;
  const leader = often() ? servers - 1 : digits.below(servers + 1);
  const said = [LOOKING, FOLLOWING, LEADING, OBSERVING][digits.below(4)];
  const decided = from === leader ? LEADING : FOLLOWING;
  return {
    leader,
    zxid: often() ? 1 : digits.below(MOST_VERSIONS + 1) - 1,
    electionEpoch: often()
      ? Math.min(state.server[me].logicalclock + digits.below(2), rounds)
      : digits.below(rounds + 2) - 1,
    peerEpoch: digits.below(2) === 0 ? 1 : digits.below(STRANGE.mostEpoch + 1),
    state: said !== LOOKING && often() ? decided : said,
  };
}

/** As a reader takes the oldest format: `ZxidUtils.getEpochFromZxid`. */
const withoutEpoch = (heard: Heard): Heard => ({
  ...heard,
  peerEpoch: heard.zxid < 0 ? -1 : epochOfZxid(zxidOfVersion(heard.zxid)),
});
