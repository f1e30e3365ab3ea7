/**
 * Explanations of violated claims, read by their patterns and held to the plain states of a trace, for tests.
 * It knows nothing of how they are made: what each says of a server is looked up in the states.
 */
import type { Plain } from '../../src/language/index.js';
import { at, type Fields, indexOf, majorityOf, namesIn, serversOf, setOf } from './plain-states.js';

/** The states before and after the last step; the same twice in a trace without steps. */
export interface Ending {
  readonly before: Plain;
  readonly after: Plain;
}

type Check = (found: readonly string[], ending: Ending) => boolean;

const VOTE = String.raw`[abc] \(epoch (\d+), zxid (\w+), (s\d)\)`;
const SERVER = String.raw`(s\d(?: \([^)]*\))?)`;
const SOME = String.raw`(nobody|only s\d.*?|s\d(?:, s\d)*(?: and s\d)?)`;
const FEW = String.raw`(\d) of (\d) servers, and a majority is (\d)`;

/** `s2 (zxid 0x1)`: whether the server has that. */
function has(server: string, state: Plain): boolean {
  const [, sid, field, value] = /^(s\d)(?: \((\w+) (\w+)\))?$/.exec(server) ?? [];
  return field === undefined ? sid !== undefined : isZxid(at(state, sid)[field], value);
}

/** Whether a value prints like that: models without real zxids keep a number. */
const isZxid = (value: Plain, printed: string): boolean => Number(value) === Number(printed);

/** Whether the first ranks above the second by what is said in brackets; by the sid if nothing is. */
function isAbove(a: string, b: string, state: Plain): boolean {
  if (!has(a, state) || !has(b, state)) return false;
  const value = (text: string) => Number(/ (\w+)\)$/.exec(text)?.[1] ?? text.slice(1));
  const [one, other] = [at(state, a.slice(0, 2)), at(state, b.slice(0, 2))];
  const epochsDiffer = one.currentEpoch !== other.currentEpoch;
  if (a.includes('zxid') && epochsDiffer) return false;
  if (!a.includes('(') && (epochsDiffer || one.zxid !== other.zxid)) return false;
  return value(a) > value(b);
}

const isFew = ([count, servers, majority]: readonly string[], names: readonly string[], all: number) =>
  Number(count) === names.length &&
  Number(servers) === all &&
  Number(majority) === majorityOf(all) &&
  names.length < majorityOf(all);

const cast = (state: Plain, round: number, leader: string): readonly string[] =>
  (state as { readonly cast: readonly (readonly Fields[])[] }).cast.flatMap((rounds, i) => {
    const voted = rounds.length > 0 && setOf(rounds[round]?.votes ?? '{}').includes(leader);
    return voted ? [`s${i + 1}`] : [];
  });

/** `cast` counts rounds from 0 in fle-faithful and from 1 in fast-leader-election. */
const casters = (state: Plain, round: number, leader: string): readonly string[] =>
  cast(state, serversOf(state)[0].place === undefined ? round - 1 : round, leader);

const leaderOf = ({ proposal, vote, leader, endVote, place }: Fields): Plain => {
  const chosen = (place === 'LEAVING' ? endVote : proposal) ?? vote ?? leader;
  return typeof chosen === 'object' ? (chosen as Fields).leader : chosen;
};

const history = (state: Plain, epoch: string): Fields =>
  (state as { readonly history: readonly Fields[] }).history[Number(epoch) - 1];
const txn = (state: Plain, name: string): Fields =>
  (state as { readonly txn: readonly Fields[] }).txn[Number(name.slice(1)) - 1];
const committed = (state: Plain): readonly string[] =>
  setOf((state as { readonly committed: Plain }).committed);
const info = (state: Plain, from: string, to: string): Fields =>
  (state as { readonly toLeader: readonly (readonly Fields[])[] }).toLeader[indexOf(from)][indexOf(to)];

const isVote = (state: Plain, [epoch, zxid, leader]: readonly string[]): boolean =>
  (state as { readonly vote: readonly Fields[] }).vote.some(
    (vote) => vote.peerEpoch === Number(epoch) && isZxid(vote.zxid, zxid) && vote.leader === leader,
  );

const STUCK = 'no step is enabled, and the model may not end in this state';

/** Every pattern of an explanation, with what makes it true. */
const PATTERNS: readonly (readonly [pattern: string, check: Check])[] = [
  [`${VOTE} beats itself`, (v, { after }) => isVote(after, v)],
  [
    `${VOTE} beats ${VOTE}, which beats it too`,
    (v, { after }) => isVote(after, v) && isVote(after, v.slice(3)),
  ],
  [
    `Neither of ${VOTE} and ${VOTE} beats the other, though their leaders are two servers`,
    (v, { after }) => isVote(after, v) && isVote(after, v.slice(3)) && v[2] !== v[5],
  ],
  [
    `${VOTE} beats ${VOTE}, which beats ${VOTE}; but ${VOTE} does not beat ${VOTE}`,
    (v, { after }) => [0, 3, 6, 9, 12].every((k) => isVote(after, v.slice(k))) && v[0] === v[9],
  ],
  [
    `${SOME} are LEADING at one time`,
    ([who], { after }) =>
      namesIn(who).length > 1 && namesIn(who).every((s) => at(after, s).state === 'LEADING'),
  ],
  [
    `(s\\d) is elected, though ${SERVER} ranks above ${SERVER}(?: by its sid)? and is up`,
    ([leader, a, b], { after }) =>
      at(after, leader).state === 'LEADING' &&
      b.startsWith(leader) &&
      isAbove(a, b, after) &&
      at(after, a.slice(0, 2)).state !== 'OFF',
  ],
  [
    `(s\\d) leads, and is followed by ${SOME}: with itself ${FEW}`,
    ([leader, who, ...few], { after }) => {
      const isFollower = (s: string) => at(after, s).state === 'FOLLOWING' && at(after, s).vote === leader;
      const names = namesIn(who);
      return (
        at(after, leader).state === 'LEADING' &&
        names.every(isFollower) &&
        isFew(few, [leader, ...names], serversOf(after).length)
      );
    },
  ],
  [
    String.raw`After (\d) starts? (s\d) is (\w+)(?: with a vote for (s\d))?; it should be (\w+)(?: with a vote for (s\d))?`,
    ([, server, state, vote, should, other], { after }) =>
      at(after, server).state === state &&
      (vote === undefined || at(after, server).vote === vote) &&
      (state !== should || vote !== other),
  ],
  [
    `${SERVER} is LOOKING and proposes ${SERVER}, which ranks below it`,
    ([own, other], { after }) =>
      at(after, own.slice(0, 2)).state === 'LOOKING' &&
      leaderOf(at(after, own.slice(0, 2))) === other.slice(0, 2) &&
      isAbove(own, other, after),
  ],
  [
    `(s\\d) replaces its proposal ${SERVER} by ${SERVER}, which ranks below it`,
    ([server, a, b], { before, after }) =>
      leaderOf(at(before, server)) === a.slice(0, 2) &&
      leaderOf(at(after, server)) === b.slice(0, 2) &&
      isAbove(a, b, before),
  ],
  [
    String.raw`(s\d) is in round (-?\d), and its recvset holds the vote of (s\d) of round (-?\d)`,
    ([server, round, from, other], { after }) => {
      const { logicalclock, recvset } = at(after, server);
      const { electionEpoch, state } = (recvset as readonly Fields[])[indexOf(from)];
      const isThere = logicalclock === Number(round) && electionEpoch === Number(other) && state !== 'OFF';
      return isThere && round !== other;
    },
  ],
  [
    String.raw`(s\d) hears (s\d), which was LOOKING, and its clock falls from (\d) to (\d)`,
    ([me, from, was, is], { before, after }) => {
      const { channel } = before as { readonly channel: readonly (readonly (readonly Fields[])[])[] };
      return (
        channel[indexOf(from)][indexOf(me)][0].state === 'LOOKING' &&
        at(before, me).logicalclock === Number(was) &&
        at(after, me).logicalclock === Number(is) &&
        was > is
      );
    },
  ],
  [
    `(s\\d) has decided for (s\\d) in round (\\d); ${SOME} voted for it in that round: ${FEW}`,
    ([me, leader, round, who, ...few], { after }) =>
      ['FOLLOWING', 'LEADING'].includes(String(at(after, me).state)) &&
      leaderOf(at(after, me)) === leader &&
      at(after, me).logicalclock === Number(round) &&
      namesIn(who).join() === casters(after, Number(round), leader).join() &&
      isFew(few, namesIn(who), serversOf(after).length),
  ],
  [
    `(s\\d) becomes LEADING in round (\\d); ${SOME} voted for it in that round: ${FEW}`,
    ([leader, round, who, ...few], { after }) =>
      at(after, leader).state === 'LEADING' &&
      at(after, leader).logicalclock === Number(round) &&
      namesIn(who).join() === casters(after, Number(round), leader).join() &&
      isFew(few, namesIn(who), serversOf(after).length),
  ],
  [
    `(s\\d) becomes LEADING in round (\\d) by the votes of ${SOME}, though ${SERVER} ranks above ${SERVER}(?: by its sid)?`,
    ([leader, round, who, a, b], { after }) =>
      at(after, leader).state === 'LEADING' &&
      namesIn(who).join() === casters(after, Number(round), leader).join() &&
      namesIn(who).includes(a.slice(0, 2)) &&
      b.startsWith(leader) &&
      isAbove(a, b, after),
  ],
  [
    String.raw`(s\d) was LOOKING in round (\d) and becomes LEADING in round (\d)`,
    ([me, was, is], { before, after }) =>
      at(before, me).state === 'LOOKING' &&
      at(before, me).logicalclock === Number(was) &&
      at(after, me).state === 'LEADING' &&
      at(after, me).logicalclock === Number(is) &&
      was !== is,
  ],
  [
    String.raw`(s\d) joins (s\d), which has never led: it is (\w+)`,
    ([me, leader, role], { before, after }) =>
      at(before, me).state === 'LOOKING' &&
      at(after, me).state === 'FOLLOWING' &&
      leaderOf(at(after, me)) === leader &&
      at(before, leader).state === role &&
      !setOf((before as { readonly everLed: Plain }).everLed).includes(leader),
  ],
  [
    `(s\\d) leads, and has the votes of ${SOME}: ${FEW}`,
    ([me, who, ...few], { before, after }) => {
      const { recvset, outofelection, proposal } = at(before, me);
      const own = proposal === me ? [me] : [];
      const { channel } = before as { readonly channel: readonly (readonly (readonly Fields[])[])[] };
      const isFor = (vote: Fields | null | undefined) =>
        vote !== null && vote !== undefined && vote.state !== 'OFF' && vote.leader === me;
      const isVoter = (s: string) => {
        const i = indexOf(s);
        const lists = [recvset, outofelection] as readonly (readonly (Fields | null)[])[];
        return own.includes(s) || lists.some((list) => isFor(list[i])) || isFor(channel[i][indexOf(me)]?.[0]);
      };
      return (
        at(after, me).state === 'LEADING' &&
        namesIn(who).every(isVoter) &&
        isFew(few, namesIn(who), serversOf(after).length)
      );
    },
  ],
  [
    String.raw`(s\d) proposes (s\d) with zxid (\w+) and peerEpoch (\d+); (s\d) has zxid (\w+) and currentEpoch (\d+)`,
    ([me, leader, zxid, epoch, other, theirs, current], { after }) => {
      const proposal = at(after, me).proposal as Fields;
      return (
        proposal.leader === leader &&
        other === leader &&
        isZxid(proposal.zxid, zxid) &&
        proposal.peerEpoch === Number(epoch) &&
        isZxid(at(after, leader).zxid, theirs) &&
        at(after, leader).currentEpoch === Number(current) &&
        (zxid !== theirs || epoch !== current)
      );
    },
  ],
  [
    `(s\\d) is in finalizeWait with a vote for (s\\d) in round (\\d), and its recvset holds that vote of ${SOME}: ${FEW}`,
    ([me, leader, round, who, ...few], { after }) => {
      const { place, proposal, recvset, logicalclock } = at(after, me);
      const voters = (recvset as readonly Fields[]).flatMap((vote, i) =>
        vote.state !== 'OFF' && vote.leader === leader && vote.electionEpoch === logicalclock
          ? [`s${i + 1}`]
          : [],
      );
      return (
        place === 'FINALIZE_WAIT' &&
        (proposal as Fields).leader === leader &&
        logicalclock === Number(round) &&
        namesIn(who).join() === voters.join() &&
        isFew(few, voters, serversOf(after).length)
      );
    },
  ],
  [
    `(s\\d) makes its vote for (s\\d) of round (\\d) known; ${SOME} voted for it in that round: ${FEW}`,
    ([me, leader, round, who, ...few], { after }) => {
      const vote = at(after, me).currentVote as Fields;
      return (
        vote.leader === leader &&
        vote.electionEpoch === Number(round) &&
        namesIn(who).join() === casters(after, Number(round), leader).join() &&
        isFew(few, namesIn(who), serversOf(after).length)
      );
    },
  ],
  [
    String.raw`The (acceptedEpoch|currentEpoch) of (s\d) falls from (\d) to (\d)`,
    ([field, s, was, is], { before, after }) =>
      at(before, s)[field] === Number(was) && at(after, s)[field] === Number(is) && was > is,
  ],
  [
    String.raw`The acceptedEpoch of (s\d) is (\d), below its currentEpoch (\d)`,
    ([s, accepted, current], { after }) => hasEpochs(at(after, s), accepted, current) && accepted < current,
  ],
  [
    String.raw`(s\d) is off, and its files have acceptedEpoch (\d), below currentEpoch (\d): it refuses to start`,
    ([s, accepted, current], { after }) =>
      at(after, s).state === 'OFF' && hasEpochs(at(after, s), accepted, current) && accepted < current,
  ],
  [
    `(s\\d) counts the ACKEPOCH of ${SOME} for epoch (\\d), for which an earlier leadership has counted it`,
    ([me, who, epoch], { before, after }) =>
      at(after, me).epoch === Number(epoch) &&
      namesIn(who).every(
        (s) =>
          setOf(at(after, me).electingFollowers).includes(s) &&
          !setOf(at(before, me).electingFollowers).includes(s) &&
          setOf(history(before, epoch).acked).includes(s),
      ),
  ],
  [
    `${SOME} have been established in epoch (\\d)`,
    ([who, epoch], { after }) =>
      namesIn(who).length > 1 && setOf(history(after, epoch).established).join() === namesIn(who).join(),
  ],
  [
    `(?:One of )?${SOME} has been established in epoch (\\d) by two of its leaderships`,
    ([who, epoch], { after }) =>
      history(after, epoch).twice === true &&
      setOf(history(after, epoch).established).join() === namesIn(who).join(),
  ],
  [
    String.raw`The currentEpoch of (s\d) is (\d), and nobody has been established in epoch (\d)`,
    ([s, current, epoch], { after }) =>
      at(after, s).currentEpoch === Number(current) &&
      current === epoch &&
      setOf(history(after, epoch).established).length === 0,
  ],
  [
    String.raw`(s\d) \(currentEpoch (\d)\) counts the ACKEPOCH of (s\d), whose currentEpoch is (\d)`,
    ([me, ours, from, theirs], { before, after }) =>
      at(before, me).currentEpoch === Number(ours) &&
      info(before, from, me).ack === Number(theirs) &&
      setOf(at(after, me).electingFollowers).includes(from) &&
      ours < theirs,
  ],
  [
    String.raw`(s\d) chooses epoch (\d) to propose, and has accepted epoch (\d) itself`,
    ([me, epoch, accepted], { before, after }) =>
      at(after, me).epoch === Number(epoch) &&
      at(before, me).acceptedEpoch === Number(accepted) &&
      epoch <= accepted,
  ],
  [
    String.raw`(s\d) chooses epoch (\d) to propose, and (s\d) has told it of accepted epoch (\d)`,
    ([me, epoch, from, accepted], { before, after }) =>
      at(after, me).epoch === Number(epoch) &&
      info(before, from, me).info === Number(accepted) &&
      epoch <= accepted,
  ],
  [
    String.raw`(t\d.*?) (?:was|were) committed, and (?:was|were) not in the history (\{.*?\}) of (s\d), which is established`,
    ([txns, memory, leader], { before, after }) =>
      at(after, leader).state === 'LEADING' &&
      at(before, leader).memory === memory &&
      [...txns.matchAll(/(t\d) of epoch (\d)/g)].every(
        ([, t, epoch]) =>
          committed(before).includes(t) &&
          !setOf(memory).includes(t) &&
          txn(before, t).epoch === Number(epoch),
      ),
  ],
  [
    String.raw`(s\d) serves with (\{.*?\}) in memory, and (s\d) serves with (\{.*?\}) in memory: neither is a beginning of the other`,
    ([a, ours, b, theirs], { after }) =>
      [a, b].every((s) => at(after, s).serves === true || at(after, s).stage === 'SERVING') &&
      at(after, a).memory === ours &&
      at(after, b).memory === theirs &&
      ours !== theirs,
  ],
  [
    String.raw`This step removes (t\d.*?) from the disk of (s\d); (t\d.*?) had been committed`,
    ([txns, s, again], { before, after }) =>
      txns === again &&
      (txns.match(/t\d/g) ?? []).every(
        (t) =>
          committed(before).includes(t) &&
          setOf(at(before, s).disk).includes(t) &&
          !setOf(at(after, s).disk).includes(t),
      ),
  ],
  [
    `(t\\d) is committed, and it is on (?:no disk|the disks? of ${SOME}): ${FEW}`,
    ([t, who, count, voters, majority], { after }) => {
      const holders = serversOf(after).flatMap(({ disk }, i) =>
        i < Number(voters) && setOf(disk).includes(t) ? [`s${i + 1}`] : [],
      );
      return (
        committed(after).includes(t) &&
        namesIn(who ?? '').join() === holders.join() &&
        isFew([count, voters, majority], holders, Number(voters))
      );
    },
  ],
  [
    String.raw`(s\d) may not start, for its log ends with (t\d) of epoch (\d) and its currentEpoch is (\d); (s\d(?: and s\d)*) elect nobody, for (s\d wins over s\d(?: and s\d wins over s\d)*): ${STUCK}`,
    ([refused, last, epoch, current, electors, wins], { after }) => {
      const { state, disk, currentEpoch } = at(after, refused);
      const beaten = [...wins.matchAll(/over (s\d)/g)].map(([, beatenOne]) => beatenOne);
      const looking = serversOf(after).flatMap((server, i) =>
        server.state === 'LOOKING' ? [`s${i + 1}`] : [],
      );
      return (
        state === 'OFF' &&
        setOf(disk).at(-1) === last &&
        txn(after, last).epoch === Number(epoch) &&
        currentEpoch === Number(current) &&
        epoch > current &&
        looking.join(' and ') === electors &&
        looking.every((one) => beaten.includes(one))
      );
    },
  ],
  [
    `(s\\d votes for s\\d(?:, s\\d votes for s\\d)*), and nobody has the votes of a quorum: ${STUCK}`,
    ([votes], { after }) =>
      votes ===
      serversOf(after)
        .flatMap(({ state, vote }, i) => (state === 'LOOKING' ? [`s${i + 1} votes for ${vote}`] : []))
        .join(', '),
  ],
  [
    `(s\\d is (?:off|[A-Z]+)(?:, s\\d is (?:off|[A-Z]+))*): ${STUCK}`,
    ([where], { after }) =>
      where ===
      serversOf(after)
        .map(({ state }, i) => `s${i + 1} is ${state === 'OFF' ? 'off' : state}`)
        .join(', '),
  ],
];

const hasEpochs = ({ acceptedEpoch, currentEpoch }: Fields, accepted: string, current: string): boolean =>
  acceptedEpoch === Number(accepted) && currentEpoch === Number(current);

/** What is wrong with an explanation: null if it is known and true. */
export function faultOf(explanation: string, ending: Ending): string | null {
  for (const [pattern, check] of PATTERNS) {
    const found = new RegExp(`^${pattern}\\.$`).exec(explanation);
    if (found === null) continue;
    return check(found.slice(1), ending) ? null : `not true: ${explanation}`;
  }
  return `of no known pattern: ${explanation}`;
}
