/**
 * What a page says of servers after a step, why their votes changed and which servers make a quorum; and the
 * cells of a table on a terminal: read by their patterns and held to the plain states, for tests.
 */
import type { Plain } from '../../src/language/index.js';
import { at, type Fields, indexOf, majorityOf, serversOf, setOf } from './plain-states.js';
import { leaderOf, type Taken } from './true-sentences.js';

type Check = (me: string, found: readonly string[], taken: Taken) => boolean;

const votes = (list: Plain): readonly (Fields | null)[] => (list ?? []) as readonly (Fields | null)[];

/** The servers whose votes for a leader one has at hand: its own, and those in recvset of its round. */
function votersFor(leader: string, state: Plain, me: string): readonly string[] {
  const self = at(state, me);
  if (self.recvset === undefined)
    return serversOf(state).flatMap((one, i) =>
      one.state !== 'OFF' && one.vote === leader ? [`s${i + 1}`] : [],
    );
  const isHeard = (i: number) => {
    const entry = votes(self.recvset)[i] ?? null;
    const isOfRound = entry !== null && entry.state !== 'OFF' && entry.electionEpoch === self.logicalclock;
    return isOfRound && String(entry.leader).split(' ')[0] === leader;
  };
  // The own vote comes by loopback where there is one.
  const countsOwn = (s: string) => s === me && self.place === undefined && leaderOf(self) === leader;
  return serversOf(state).flatMap((_, i) => {
    const s = `s${i + 1}`;
    return countsOwn(s) || isHeard(i) ? [s] : [];
  });
}

const isVoters = (text: string, state: Plain, me: string): boolean => {
  const [, isQuorum, leader, names, needed] =
    /^(A quorum|No majority) votes for (s\d): ([^,.]*(?:, s\d)*)(?:, where (\d) are needed)?\.$/.exec(text) ??
    [];
  if (names === undefined) return false;
  const least = majorityOf(serversOf(state).length);
  const voters = votersFor(leader, state, me);
  const isMajority = voters.length >= least;
  return (
    names === voters.join(', ') &&
    isMajority === (isQuorum === 'A quorum') &&
    (needed === undefined || Number(needed) === least)
  );
};

/** Whether a comparison is right about the credentials of two servers, and about which ranks higher. */
function isComparison(text: string, a: string, b: string, state: Plain): boolean {
  const [, same, compared, higher] =
    /^(?:both have (.*), and )?(.*?)(?:: in ZooKeeper's order (s\d) ranks higher)?\.$/.exec(text) ?? [];
  const [, name, ours, is, theirs] = /^(\w+) (\w+) is (above|below) (\w+)$/.exec(compared ?? '') ?? [];
  if (name === undefined) return false;
  const value = (s: string, what: string) =>
    what === 'sid'
      ? Number(s.slice(1))
      : Number(at(state, s)[what === 'peerEpoch' ? 'currentEpoch' : what] ?? 0);
  const order = ['peerEpoch', 'zxid', 'sid'];
  const areSame = order.slice(0, order.indexOf(name)).every((what) => value(a, what) === value(b, what));
  const saysSame = (same ?? '').split(' and ').every((part) => {
    const [what, printed] = part.split(' ');
    return part === '' || value(a, what) === Number(printed);
  });
  const isAbove = value(a, name) > value(b, name);
  return (
    areSame &&
    saysSame &&
    value(a, name) === Number(ours) &&
    value(b, name) === Number(theirs) &&
    value(a, name) !== value(b, name) &&
    isAbove === (is === 'above') &&
    (isAbove ? higher === undefined : higher === b)
  );
}

const role = (state: Plain, s: string): string => String(at(state, s).state);
const isEmpty = (list: Plain): boolean => votes(list).every((one) => one === null || one.state === 'OFF');

/** The patterns of reasons, which say `it` of a server. */
const REASONS: readonly (readonly [pattern: string, check: Check])[] = [
  [
    'It is down: what it had heard is gone\\.',
    (me, _, { after }) => {
      const { state, recvset, outofelection, connection, stage } = at(after, me);
      const isAlone = (connection ?? 'NONE') === 'NONE' && (stage ?? 'NONE') === 'NONE';
      return state === 'OFF' && isEmpty(recvset) && isEmpty(outofelection) && isAlone;
    },
  ],
  [
    'It starts again with what it has written\\.',
    (me, _, { before, after }) =>
      ['acceptedEpoch', 'currentEpoch', 'disk'].every(
        (field) => at(before, me)[field] === at(after, me)[field],
      ),
  ],
  [
    'It starts, and votes for itself\\.(?: (.*))?',
    (me, [voters], { after }) =>
      leaderOf(at(after, me)) === me && (voters === undefined || isVoters(voters, after, me)),
  ],
  [
    'It starts, and follows (s\\d), which leads already\\.',
    (me, [leader], { before, after }) =>
      role(before, leader) === 'LEADING' &&
      role(after, me) === 'FOLLOWING' &&
      leaderOf(at(after, me)) === leader,
  ],
  [
    'It starts with a vote for itself, and takes (s\\d): (.*)',
    (me, [leader, why], { after }) =>
      leaderOf(at(after, me)) === leader && isComparison(why, leader, me, after),
  ],
  [
    'It looks for a leader again(?:, in round (-?\\d))?(?:, (with a vote for itself|and still votes for s\\d))?\\.',
    (me, [round, vote], { before, after }) => {
      const self = at(after, me);
      const isOfRound = round === undefined || self.logicalclock === Number(round);
      const leader = vote === undefined ? null : (/s\d/.exec(vote)?.[0] ?? me);
      const isStill = vote?.startsWith('and') !== true || leaderOf(at(before, me)) === leader;
      return (
        self.state === 'LOOKING' && isOfRound && isStill && (leader === null || leaderOf(self) === leader)
      );
    },
  ],
  [
    'It looks for a leader again, in round (\\d), with a vote for (s\\d): (.*)',
    (me, [round, leader, why], { after }) =>
      at(after, me).logicalclock === Number(round) &&
      leaderOf(at(after, me)) === leader &&
      isComparison(why, leader, me, after),
  ],
  [
    'It takes (s\\d) in place of (s\\d): (.*?\\.)(?: (.*))?',
    (me, [to, from, why, voters], { before, after }) =>
      leaderOf(at(before, me)) === from &&
      leaderOf(at(after, me)) === to &&
      isComparison(why, to, from, before) &&
      (voters === undefined || isVoters(voters, after, me)),
  ],
  [
    '(.*?\\.) It waits for a better vote\\.',
    (me, [voters], { after }) => isVoters(voters, after, me) && isWaiting(at(after, me)),
  ],
  [
    'It goes from round (-?\\d) to round (-?\\d)\\. It votes for (itself|s\\d, and not for itself)(?:\\.|: (.*))',
    (me, [was, is, whom, why], { before, after }) => {
      const leader = whom === 'itself' ? me : whom.slice(0, 2);
      return (
        at(before, me).logicalclock === Number(was) &&
        at(after, me).logicalclock === Number(is) &&
        leaderOf(at(after, me)) === leader &&
        (why === undefined ? leader === me : isComparison(why, leader, me, before))
      );
    },
  ],
  [
    'No better vote came\\. (.*)',
    (me, [voters], { before, after }) =>
      isWaiting(at(before, me)) && role(after, me) !== 'LOOKING' && isVoters(voters, before, me),
  ],
  [
    '(s\\d) says that it is (\\w+), with a vote for (s\\d): so (s\\d) leads\\.',
    (me, [from, is, leader, again], { before, after }) =>
      leader === me && again === me && role(after, me) === 'LEADING' && saysSo(before, me, from, is, leader),
  ],
  [
    'It joins (s\\d) on the word of (s\\d), which says that it (?:leads|is (\\w+), with a vote for (s\\d))(?:; (s\\d) itself is (\\w+))?\\.',
    (me, [leader, from, is, vote, itself, other], { before, after }) =>
      role(after, me) === 'FOLLOWING' &&
      leaderOf(at(after, me)) === leader &&
      saysSo(before, me, from, is ?? 'LEADING', leader) &&
      (vote ?? leader) === leader &&
      (is !== undefined || from === leader) &&
      (role(before, leader) === 'LEADING') === (itself === undefined) &&
      (other === undefined ||
        (itself === leader && role(before, leader).toLowerCase() === other.toLowerCase())),
  ],
  // No reason is so any more: it was given where a server that had not led was joined.
  [
    'It joins (s\\d), of which a quorum says that it leads: no votes are compared\\.',
    (_me, [leader], { before }) => role(before, leader) === 'LEADING',
  ],
  ['((?:A quorum|No majority) votes for .*)', (me, [voters], { after }) => isVoters(voters, after, me)],
];

const isWaiting = ({ finalizing, place }: Fields): boolean =>
  finalizing === true || place === 'FINALIZE_WAIT';

/** Whether the notification that a server handles is of another in that role, for that leader. */
function saysSo(before: Plain, me: string, from: string, is: string, leader: string): boolean {
  const queue = at(before, me).recvqueue as readonly Fields[] | undefined;
  const { channel } = before as { readonly channel: readonly (readonly (readonly Fields[])[])[] };
  const head = queue === undefined ? channel[indexOf(from)][indexOf(me)][0] : queue[0];
  const isFrom = queue === undefined || head.from === from;
  return isFrom && head.state === is && String(head.leader).split(' ')[0] === leader;
}

/** The fault of a reason for the change of a server by a step; null if the reason is known and true. */
export function faultOfReason(me: string, reason: string, taken: Taken): string | null {
  for (const [pattern, check] of REASONS) {
    const found = new RegExp(`^${pattern}$`).exec(reason);
    if (found !== null) return check(me, found.slice(1), taken) ? null : `not true of ${me}: ${reason}`;
  }
  return `of no known pattern: ${reason}`;
}

/** The fault of a quorum on a page: its members, or what it says they agree on; null if there is none. */
export function faultOfQuorum(
  me: string,
  what: string,
  members: readonly string[],
  state: Plain,
): string | null {
  const [, kind, of] =
    /^(votes for|counted for epoch|counted for|counted as|acknowledged epoch) (\w+)$/.exec(what) ?? [];
  const self = at(state, me);
  const { txn } = state as { readonly txn?: readonly Fields[] };
  const expected = () => {
    switch (kind) {
      case 'votes for':
        return votersFor(of, state, me);
      case 'counted for epoch':
        return self.epoch === Number(of) ? setOf(self.electingFollowers) : null;
      case 'counted as':
        return setOf(self.connectingFollowers);
      case 'counted for':
        return of === 'NEWLEADER' ? setOf(self.newLeaderAcks) : setOf(txn?.[indexOf(of)]?.acks ?? '');
      // No quorum is called so any more: it was said of servers that had accepted another epoch.
      case 'acknowledged epoch':
        return members.filter((s) => at(state, s).acceptedEpoch === Number(of));
      default:
        return null;
    }
  };
  const said = `${members.join(', ')}: ${what}`;
  if (kind === undefined) return `of no known pattern: ${said}`;
  return expected()?.join() === members.join() ? null : `not true of ${me}: ${said}`;
}
