/**
 * What models say of their steps, read by its patterns and held to the plain states before and after, for
 * tests. It knows nothing of how the sentences are made: each fact in one is looked up in the states.
 */
import type { Plain } from '../../src/language/index.js';
import { at, type Fields, indexOf, majorityOf, serversOf, setOf } from './plain-states.js';

/** A step with the states around it. */
export interface Taken {
  readonly before: Plain;
  readonly after: Plain;
  /** How many servers vote. */
  readonly voters: number;
}

type Check = (found: readonly string[], taken: Taken) => boolean;
type Patterns = readonly (readonly [pattern: string, check: Check])[];

const S = String.raw`(s\d)`;
const SET = String.raw`(\{[^}]*\})`;

const channel = (state: Plain, from: string, to: string): readonly Fields[] =>
  (state as { readonly channel: readonly (readonly (readonly Fields[])[])[] }).channel[indexOf(from)][
    indexOf(to)
  ];
const toLeader = (state: Plain, from: string, to: string): Fields =>
  (state as { readonly toLeader: readonly (readonly Fields[])[] }).toLeader[indexOf(from)][indexOf(to)];
const txns = (state: Plain): readonly Fields[] => (state as { readonly txn: readonly Fields[] }).txn;
const txn = (state: Plain, name: string): Fields => txns(state)[indexOf(name)];

/** Whom a server of an election proposes, or has decided for. */
export function leaderOf({ proposal, vote, endVote, currentVote, place, state }: Fields): string {
  const decided = place === 'LEAVING' ? endVote : currentVote;
  const chosen = place === undefined || state === 'LOOKING' ? (proposal ?? vote) : decided;
  const leader = typeof chosen === 'object' ? (chosen as Fields).leader : chosen;
  return String(leader).split(' ')[0];
}

const waits = ({ finalizing, place }: Fields): boolean => finalizing === true || place === 'FINALIZE_WAIT';

/** Becomes `role`, from another. */
const becomes = (role: string, s: string, { before, after }: Taken): boolean =>
  at(before, s).state !== role && at(after, s).state === role;

const isNotification = (told: Fields | undefined, role: string, round: string, leader: string): boolean =>
  told !== undefined &&
  told.state === role &&
  told.electionEpoch === Number(round) &&
  String(told.leader) === leader;

/** The transactions of a set that come after all of another: by epoch, then by number. */
function beyond(state: Plain, set: Plain, known: Plain): readonly string[] {
  const place = (t: string) => Number(txn(state, t).epoch) * 100 + indexOf(t);
  const last = Math.max(-1, ...setOf(known).map(place));
  return setOf(set).filter((t) => place(t) > last);
}

/** The transactions that a leader has applied, or has committed in its epoch. */
function committedOf(state: Plain, leader: string): Plain {
  const { memory, currentEpoch } = at(state, leader);
  const committed = setOf((state as Fields).committed).filter((t) => txn(state, t).epoch === currentEpoch);
  return `{${[...new Set([...setOf(memory), ...committed])].sort().join(' ')}}`;
}

const isCommitted = (t: string, { before, after }: Taken): boolean =>
  setOf((after as Fields).committed).includes(t) && !setOf((before as Fields).committed).includes(t);

const gained = (field: string, s: string, { before, after }: Taken): readonly string[] =>
  setOf(at(after, s)[field]).filter((t) => !setOf(at(before, s)[field]).includes(t));

/** Voters that a leader has behind it, itself among them. */
function behind(state: Plain, leader: string, voters: number): number {
  const isBehind = ({ leader: followed, broken, connection }: Fields, i: number) =>
    i < voters && followed === leader && broken !== true && connection !== 'NONE' && connection !== 'BROKEN';
  return 1 + serversOf(state).filter(isBehind).length;
}

const ELECTION: Patterns = [
  [
    `${S} starts; votes settle`,
    ([s], t) => at(t.before, s).state === 'OFF' && at(t.after, s).state !== 'OFF',
  ],
  [`${S} crashes(?:; votes settle)?`, ([s], taken) => becomes('OFF', s, taken)],
  [
    `${S} crashes: its next start finds acceptedEpoch (\\d)`,
    ([s, found], taken) =>
      becomes('OFF', s, taken) &&
      at(taken.before, s).acceptedEpoch !== Number(found) &&
      at(taken.after, s).acceptedEpoch === Number(found),
  ],
  [
    `${S} starts and votes for itself`,
    ([s], taken) => becomes('LOOKING', s, taken) && leaderOf(at(taken.after, s)) === s,
  ],
  [
    `${S} hears ${S}, (\\w+) c(-?\\d) → (s\\d(?: e\\d)?)`,
    ([me, from, role, round, leader], { before }) =>
      isNotification(channel(before, from, me)[0], role, round, leader),
  ],
  [
    `${S} receives from ${S} (\\w+) c(-?\\d) → (s\\d)`,
    ([me, from, role, round, leader], { before }) =>
      isNotification(channel(before, from, me)[0], role, round, leader),
  ],
  [
    `${S} handles (\\w+) c(-?\\d) → (s\\d) of ${S}`,
    ([me, role, round, leader, from], { before }) => {
      const [head] = at(before, me).recvqueue as readonly Fields[];
      return isNotification(head, role, round, leader) && head.from === from;
    },
  ],
  [
    `${S} ends finalizeWait, and leads`,
    ([s], taken) => waits(at(taken.before, s)) && becomes('LEADING', s, taken),
  ],
  [
    `${S} ends finalizeWait, and follows (s\\d)(?: e\\d)?`,
    ([s, leader], taken) =>
      waits(at(taken.before, s)) && becomes('FOLLOWING', s, taken) && leaderOf(at(taken.after, s)) === leader,
  ],
  [
    `${S} sends its vote again`,
    ([s], { after }) =>
      serversOf(after).every((_, i) => {
        const to = `s${i + 1}`;
        const isOwn = to === s && at(after, s).place === undefined;
        return isOwn || String(channel(after, s, to).at(-1)?.leader).startsWith(leaderOf(at(after, s)));
      }),
  ],
  [
    `${S} gives up (leading|s\\d) and looks for a leader`,
    ([s, what], taken) => {
      const { state } = at(taken.before, s);
      const was = what === 'leading' ? state === 'LEADING' : leaderOf(at(taken.before, s)) === what;
      return was && becomes('LOOKING', s, taken);
    },
  ],
  [
    `the connection of ${S} and ${S} breaks, and they connect again`,
    ([a, b], { before }) => [a, b].every((s) => at(before, s).state !== 'OFF'),
  ],
  [
    `${S} makes its vote for ${S} known`,
    ([s, leader], { before, after }) =>
      at(before, s).place === 'LEAVING' && (at(after, s).currentVote as Fields).leader === leader,
  ],
];

const DISCOVERY: Patterns = [
  [
    `${S} leads, and waits for a quorum to connect`,
    ([s], taken) => becomes('LEADING', s, taken) && at(taken.after, s).electingFollowers === '{}',
  ],
  [
    `${S} leads, and proposes epoch (\\d)`,
    ([s, epoch], taken) => becomes('LEADING', s, taken) && proposes(s, epoch, taken.after),
  ],
  [`${S} follows ${S}`, ([s, leader], { after }) => at(after, s).leader === leader],
  [
    `${S} starts again: acceptedEpoch (\\d), currentEpoch (\\d)`,
    ([s, accepted, current], taken) =>
      becomes('LOOKING', s, taken) && hasEpochs(at(taken.after, s), accepted, current),
  ],
  [
    `${S} connects to ${S}: (?:FOLLOWER|OBSERVER)INFO, acceptedEpoch (\\d)`,
    ([s, leader, accepted], { after }) =>
      at(after, s).leader === leader && toLeader(after, s, leader).info === Number(accepted),
  ],
  [
    `${S} reads the (FOLLOWER|OBSERVER)INFO of ${S}: acceptedEpoch (\\d)(?:; it proposes epoch (\\d))?`,
    ([s, kind, from, accepted, epoch], { before, after, voters }) =>
      toLeader(before, from, s).info === Number(accepted) &&
      indexOf(from) < voters === (kind === 'FOLLOWER') &&
      (epoch === undefined
        ? at(before, s).electingFollowers === at(after, s).electingFollowers
        : at(before, s).electingFollowers === '{}' && proposes(s, epoch, after)),
  ],
  [
    `${S} accepts epoch (\\d) and sends ACKEPOCH`,
    ([s, epoch], { before, after }) =>
      Number(at(before, s).acceptedEpoch) < Number(epoch) &&
      at(after, s).acceptedEpoch === Number(epoch) &&
      Number(toLeader(after, s, String(at(after, s).leader)).ack) >= 0,
  ],
  [
    `${S} serves, and votes for itself with epoch (\\d)`,
    ([s, epoch], { after }) => at(after, s).proposal === `${s} e${epoch}` && proposes(s, epoch, after),
  ],
  [
    // An ACKEPOCH that counts, and has not been read, hides this one.
    `${S} has accepted epoch (\\d) before, and acknowledges it with -1`,
    ([s, epoch], { before, after }) => {
      const ack = (state: Plain) => toLeader(state, s, String(at(before, s).leader)).ack;
      return (
        at(before, s).acceptedEpoch === Number(epoch) &&
        (ack(after) === -1 || (ack(after) === ack(before) && Number(ack(after)) >= 0))
      );
    },
  ],
  [
    `${S} refuses epoch (\\d): it has accepted epoch (\\d)`,
    ([s, epoch, accepted], taken) =>
      epoch < accepted &&
      at(taken.before, s).acceptedEpoch === Number(accepted) &&
      at(taken.before, String(at(taken.before, s).leader)).epoch === Number(epoch) &&
      becomes('LOOKING', s, taken),
  ],
  [
    `${S} reads the ACKEPOCH of ${S} \\((-1|currentEpoch \\d)\\), (.*)`,
    ([s, from, what, fate], taken) =>
      toLeader(taken.before, from, s).ack === Number(what.replace('currentEpoch ', '')) &&
      isFate(fate, s, from, taken),
  ],
  [
    `${S} is established and writes currentEpoch (\\d)`,
    ([s, epoch], { before, after }) =>
      setOf(
        (before as { readonly history: readonly Fields[] }).history[Number(epoch) - 1].established,
      ).includes(s) && at(after, s).currentEpoch === Number(epoch),
  ],
  [
    `${S} reads NEWLEADER of ${S} and writes currentEpoch (\\d)`,
    ([s, leader, epoch], { before, after }) =>
      at(before, s).leader === leader &&
      at(before, leader).epoch === Number(epoch) &&
      at(after, s).currentEpoch === Number(epoch),
  ],
  [
    `${S} gets no quorum and leads no more`,
    ([s], taken) => {
      const { state, electingFollowers } = at(taken.before, s);
      const acks = setOf(electingFollowers).filter((each) => indexOf(each) < taken.voters).length;
      const most = Math.min(acks, behind(taken.before, s, taken.voters));
      return state === 'LEADING' && at(taken.after, s).state === 'LOOKING' && most < majorityOf(taken.voters);
    },
  ],
  [
    `${S} gives up ${S}, which (has closed the connection|does not lead)`,
    ([s, leader, why], { before, after }) => {
      const { leader: followed, connection, broken } = at(before, s);
      const isClosed = connection === 'BROKEN' || broken === true;
      const isSo = why === 'does not lead' ? at(before, leader).state !== 'LEADING' : isClosed;
      return followed === leader && isSo && at(after, s).state === 'LOOKING';
    },
  ],
  [
    `${S} gives up and looks for a leader`,
    ([s], taken) => at(taken.before, s).state !== 'OFF' && becomes('LOOKING', s, taken),
  ],
];

const proposes = (s: string, epoch: string, after: Plain): boolean =>
  at(after, s).epoch === Number(epoch) && setOf(at(after, s).electingFollowers).includes(s);

const hasEpochs = ({ acceptedEpoch, currentEpoch }: Fields, accepted: string, current: string): boolean =>
  acceptedEpoch === Number(accepted) && currentEpoch === Number(current);

/** What became of an ACKEPOCH. */
function isFate(fate: string, s: string, from: string, { before, after, voters }: Taken): boolean {
  const counts = (state: Plain) => setOf(at(state, s).electingFollowers);
  const { epoch, currentEpoch } = at(before, s);
  const established = (state: Plain) =>
    setOf((state as { readonly history: readonly Fields[] }).history[Number(epoch) - 1].established);
  const counted = /^and counts it for epoch (\d)(: it is established)?$/.exec(fate);
  if (counted !== null) {
    const isNew = established(after).includes(s);
    return (
      epoch === Number(counted[1]) && counts(after).includes(from) && isNew === (counted[2] !== undefined)
    );
  }
  if (counts(after).join() !== counts(before).join()) return false;
  switch (fate) {
    case 'and is established already':
      return established(before).includes(s);
    case 'which does not count':
      return toLeader(before, from, s).ack === -1;
    case 'which does not count: its sender is ahead':
      return Number(toLeader(before, from, s).ack) > Number(currentEpoch);
    case 'which does not count: its sender has no vote':
      return indexOf(from) >= voters;
    default:
      return false;
  }
}

const BEHIND = String.raw`(?:, and PROPOSAL (t[\dt ]*))?`;

const SYNCHRONIZATION: Patterns = [
  [
    `${S} is elected and established in epoch (\\d) by ${SET}`,
    ([s, epoch, quorum], taken) =>
      becomes('LEADING', s, taken) &&
      setOf(quorum).includes(s) &&
      setOf(quorum).every((each) => {
        const { state, leader, acceptedEpoch } = at(taken.after, each);
        const isBehind = each === s || (state === 'FOLLOWING' && leader === s);
        return isBehind && acceptedEpoch === Number(epoch) && at(taken.before, each).state === 'LOOKING';
      }),
  ],
  [`${S} joins ${S}`, ([s, leader], { after }) => at(after, s).leader === leader],
  [
    `${S} sends ${S} (?:an empty DIFF|DIFF \\((.*)\\))${BEHIND}`,
    ([leader, s, named, behindIt], { before, after }) => {
      const lacked = beyond(before, committedOf(before, leader), at(before, s).memory);
      const { commits } = at(after, s);
      return (
        isSent('DIFF', s, leader, after) &&
        setOf(commits).every((t) => lacked.includes(t)) &&
        setOf(commits).join(' ') === (named ?? '') &&
        isQueued(behindIt, leader, s, after)
      );
    },
  ],
  [
    `${S} sends ${S} SNAP ${SET}${BEHIND}`,
    ([leader, s, set, behindIt], { before, after }) =>
      isSent('SNAP', s, leader, after) &&
      at(before, leader).memory === set &&
      at(after, s).memory === set &&
      isQueued(behindIt, leader, s, after),
  ],
  [
    `${S} tells ${S} to truncate (?:its whole log|to (t\\d))${BEHIND}`,
    ([leader, s, last, behindIt], { before, after }) =>
      isSent('TRUNC', s, leader, after) &&
      isQueued(behindIt, leader, s, after) &&
      (last === undefined
        ? at(after, s).disk === '{}'
        : setOf(committedOf(before, leader)).includes(last) &&
          beyond(after, at(after, s).disk, `{${last}}`).length === 0),
  ],
  [
    `${S} logs (nothing|t[\\dt ]*) for NEWLEADER`,
    ([s, what], { before, after }) => {
      const logged = what === 'nothing' ? [] : what.split(' ');
      const expected = [...new Set([...setOf(at(before, s).disk), ...logged])].sort();
      const pending = setOf(at(before, s).pending);
      return logged.every((t) => pending.includes(t)) && setOf(at(after, s).disk).join() === expected.join();
    },
  ],
  [
    `${S} writes a snapshot ${SET}(?:, and logs (t[\\dt ]*),)? for NEWLEADER`,
    ([s, set, logged], { before, after }) => {
      const { disk } = at(after, s);
      const written = [...setOf(set), ...(logged?.split(' ') ?? [])];
      const isOld = (t: string) => setOf(at(before, s).disk).includes(t);
      return (
        at(before, s).memory === set &&
        written.every((t) => setOf(disk).includes(t)) &&
        setOf(disk).every((t) => written.includes(t) || isOld(t))
      );
    },
  ],
  [
    `${S} writes currentEpoch (\\d) for NEWLEADER`,
    ([s, epoch], { after }) => at(after, s).currentEpoch === Number(epoch),
  ],
  [
    `${S} acknowledges NEWLEADER`,
    ([s], { before, after, voters }) =>
      indexOf(s) >= voters || setOf(at(after, String(at(before, s).leader)).newLeaderAcks).includes(s),
  ],
  [
    `${S} serves: NEWLEADER is acknowledged by ${SET}`,
    ([s, set], { before, after }) => at(before, s).newLeaderAcks === set && at(after, s).serves === true,
  ],
  [
    `${S} reads UPTODATE of ${S}`,
    ([s, leader], { before, after }) =>
      at(before, s).leader === leader &&
      isServing(at(before, leader), leader) &&
      (at(after, s).stage === 'SERVING' || at(after, s).proposal === at(before, leader).proposal),
  ],
  [
    `${S} proposes (t\\d)`,
    ([s, t], taken) =>
      txn(taken.before, t).epoch === 0 &&
      txn(taken.after, t).epoch === at(taken.after, s).currentEpoch &&
      gained('unlogged', s, taken).join() === t,
  ],
  [
    `${S} reads the PROPOSAL of (t\\d)`,
    ([s, t], taken) => gained('pending', s, taken).join() === t && gained('unlogged', s, taken).join() === t,
  ],
  [
    `${S} logs (t\\d)( and acknowledges it|, and commits it)?`,
    ([s, t, also], taken) => {
      const { broken, state } = at(taken.before, s);
      const isSending = state === 'FOLLOWING' && broken === false;
      return (
        setOf(at(taken.before, s).unlogged).includes(t) &&
        !setOf(at(taken.after, s).unlogged).includes(t) &&
        setOf(at(taken.after, s).disk).includes(t) &&
        (also === ' and acknowledges it') === isSending &&
        (also === ', and commits it') === (state === 'LEADING' && isCommitted(t, taken))
      );
    },
  ],
  [
    `${S} reads the ACK of (t\\d) from ${S}(, and commits it)?`,
    ([s, t, from, commits], taken) =>
      at(taken.before, s).state === 'LEADING' &&
      setOf(txn(taken.before, t).inFlight).includes(from) &&
      !setOf(txn(taken.after, t).inFlight).includes(from) &&
      (commits !== undefined) === isCommitted(t, taken),
  ],
  [
    `${S} applies (t\\d)`,
    ([s, t], taken) => at(taken.before, s).state === 'LEADING' && gained('memory', s, taken).join() === t,
  ],
  [
    `the log of ${S}, of before it left, writes (t\\d)`,
    ([s, t], taken) =>
      setOf(at(taken.before, s).orphaned).includes(t) && setOf(at(taken.after, s).disk).includes(t),
  ],
  [
    `${S} is informed of (t\\d), and applies it`,
    ([s, t], taken) => indexOf(s) >= taken.voters && gained('memory', s, taken).join() === t,
  ],
  [
    `${S} commits (t\\d)`,
    ([s, t], taken) =>
      gained('memory', s, taken).join() === t && setOf(at(taken.before, s).pending).includes(t),
  ],
  [
    `${S} fails to log (t\\d), and commits it`,
    ([s, t], taken) =>
      gained('memory', s, taken).join() === t &&
      setOf(at(taken.before, s).unlogged).includes(t) &&
      at(taken.after, s).unlogged === '{}',
  ],
  [
    `${S} gives up ${S}, for its own log has failed`,
    ([s, leader], { before, after }) => {
      const { leader: followed, memory, disk, broken } = at(before, s);
      const isAhead = setOf(memory).some((t) => !setOf(disk).includes(t));
      const isLed = at(before, leader).state === 'LEADING' && followed === leader;
      return broken === true && isAhead && isLed && at(after, s).state === 'LOOKING';
    },
  ],
  [
    `${S} has no quorum behind it, and leads no more`,
    ([s], { before, after, voters }) =>
      at(before, s).state === 'LEADING' &&
      at(after, s).state === 'LOOKING' &&
      behind(before, s, voters) < majorityOf(voters),
  ],
  [`${S} starts again`, ([s], taken) => becomes('LOOKING', s, taken)],
];

/** Where votes elect in zab-discovery, a leader serves that votes for itself with the epoch it proposed. */
const isServing = ({ serves, proposal, epoch }: Fields, leader: string): boolean =>
  serves === true || proposal === `${leader} e${epoch}`;

/** Whether a leader has queued just these proposals behind what it sent a learner. */
function isQueued(behindIt: string | undefined, leader: string, s: string, after: Plain): boolean {
  const { pending, commits } = at(after, s);
  const queued = setOf(pending).filter((t) => !setOf(commits).includes(t));
  const isProposed = (t: string) => txn(after, t).epoch === at(after, leader).currentEpoch;
  return queued.join(' ') === (behindIt ?? '') && queued.every(isProposed);
}

const isSent = (mode: string, s: string, leader: string, after: Plain): boolean =>
  at(after, s).syncMode === mode && at(after, s).leader === leader;

/** What is wrong with a sentence; null if it is known and true. */
export function faultOfSentence(sentence: string, taken: Taken): string | null {
  for (const [pattern, check] of [...ELECTION, ...DISCOVERY, ...SYNCHRONIZATION]) {
    const found = new RegExp(`^${pattern}$`).exec(sentence);
    if (found !== null) return check(found.slice(1), taken) ? null : `not true: ${sentence}`;
  }
  return `of no known pattern: ${sentence}`;
}
