/**
 * A server in a few words, for the columns of a trace and the lanes of a page; and the signs that these use,
 * each for one thing.
 */
import type { Plain } from '../src/spec/index.js';
import type { Sign } from './model/signs.js';

type Fields = { readonly [field: string]: Plain };

const serversIn = (state: Plain): readonly Fields[] => (state as { server: readonly Fields[] }).server;

/** The record of one server in a state of any rung. */
const serverOf = (state: Plain, index: number): Fields => serversIn(state)[index];

/** `c1 → s2`. */
const vote = (c: Plain, leader: Plain): string => `c${c} → ${leader}`;

/**
 * The epoch and zxid with which a server starts, `e1 zxid 0x100000000`: the election compares them before the
 * sid. Empty where all servers have the same.
 */
export function credentialAtStart(state: Plain, index: number): string {
  const differs = (field: string) =>
    new Set(serversIn(state).map((server) => String(server[field]))).size > 1;
  const { currentEpoch, zxid } = serverOf(state, index);
  return [
    ...(differs('currentEpoch') ? [`e${currentEpoch}`] : []),
    ...(differs('zxid') ? [`zxid ${zxid}`] : []),
  ].join(' ');
}

/** `LOOKING c1 → s2`, `LEADING c1`. Of `tutorial`. */
export function tutorialColumn(state: Plain, index: number): string {
  const { state: role, logicalclock, vote: leader } = serverOf(state, index);
  if (role === 'OFF') return 'off';
  return role === 'LEADING' ? `LEADING c${logicalclock}` : `${role} ${vote(logicalclock, leader)}`;
}

/** The same, with the votes it has recorded and whether it is in finalizeWait. Of `fast-leader-election`. */
export function fastLeaderElectionColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  if (self.state === 'OFF') return 'off';
  if (self.state === 'LEADING') return `LEADING c${self.logicalclock}`;
  return [
    `${self.state} ${vote(self.logicalclock, self.proposal)}`,
    ...recorded(self),
    ...(self.finalizing ? ['waits'] : []),
  ].join(', ');
}

/** `has s1:s2 s3:s2!`: the votes in recvset, then those in outofelection. */
function recorded({ recvset, outofelection, logicalclock }: Fields): readonly string[] {
  const votes = [...votesIn(recvset, '', logicalclock), ...votesIn(outofelection, '!', null)];
  return votes.length > 0 ? [`has ${votes.join(' ')}`] : [];
}

/**
 * `s1:s2` for a vote of s1 for s2, `s1:s2/c1` if it is of another round than `clock`; `mark` sets those out
 * of the election apart, whose rounds do not count.
 */
const votesIn = (votes: Plain, mark: string, clock: Plain): readonly string[] =>
  (votes as readonly (Fields | null)[]).flatMap((entry, j) => {
    if (entry === null || entry.state === 'OFF') return [];
    const round = clock === null || entry.electionEpoch === clock ? '' : `/c${entry.electionEpoch}`;
    return [`s${j + 1}:${entry.leader}${mark}${round}`];
  });

/**
 * `LOOKING c1 → s2, has s1:s2, queue 2, waits`; `FOLLOWING c1 → s1, unknown yet` between state and vote.
 * Of `fle-faithful`.
 */
export function fleFaithfulColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  if (self.state === 'OFF') return 'off';
  const told = (self[self.place === 'LEAVING' ? 'endVote' : 'currentVote'] as Fields).leader;
  const leaving = self.place === 'LEAVING' ? ['unknown yet'] : [];
  if (self.state !== 'LOOKING')
    return [`${self.state} ${vote(self.logicalclock, told)}`, ...leaving].join(', ');
  const queue = (self.recvqueue as readonly Plain[]).length;
  return [
    `LOOKING ${vote(self.logicalclock, (self.proposal as Fields).leader)}`,
    ...recorded(self),
    ...(queue > 0 ? [`queue ${queue}`] : []),
    ...(self.place === 'FINALIZE_WAIT' ? ['waits'] : []),
  ].join(', ');
}

/** The meaning of each sign of an election. */
export const electionSigns: readonly Sign[] = [
  { shows: /\bc-?\d/, says: 'c = logical clock' },
  { shows: /→ ?s\d/, says: '→ s2 = votes for s2, or follows it' },
  { shows: /\bhas /, says: 'has s1:s2 = recvset: s1 votes for s2' },
  { shows: /\/c-?\d/, says: '/c = of that round' },
  { shows: /s\d!/, says: '! = in outofelection, of a decided server' },
  { shows: /\bqueue \d/, says: 'queue = in recvqueue' },
  { shows: /\bwaits\b/, says: 'waits = in finalizeWait' },
  { shows: /unknown yet/, says: 'unknown yet = others are told the vote before' },
  { shows: /\be\d/, says: 'e = currentEpoch' },
];

/** The servers that a leader of `zab-discovery` counts for the epoch it proposed, or as connected. */
function followersOf({ epoch, connectingFollowers, electingFollowers }: Fields): string {
  return electingFollowers === '{}'
    ? `connected ${connectingFollowers}`
    : `epoch ${epoch} counts ${electingFollowers}`;
}

/**
 * `LEADING epoch 2 counts {s1 s3}, a2 e0`: whose ACKEPOCH counts for the epoch that it has proposed, and the
 * two durable epochs; the vote, where votes elect. Of `zab-discovery`.
 */
export function discoveryColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  const durable = `a${self.acceptedEpoch} e${self.currentEpoch}`;
  if (self.state === 'OFF') return `off, ${durable}`;
  if (self.state === 'LOOKING') {
    const proposal = 'proposal' in self ? ` ${vote(self.logicalclock, self.proposal)}` : '';
    return `LOOKING${proposal}${self.finalizing ? ' waits' : ''}, ${durable}`;
  }
  if (self.state === 'LEADING') return `LEADING ${followersOf(self)}, ${durable}`;
  const connection = self.connection === 'NONE' ? '' : ` ${String(self.connection).toLowerCase()}`;
  return `${self.state} ${self.leader}${connection}, ${durable}`;
}

/** The meaning of each sign of `zab-discovery`, besides those of an election. */
export const discoverySigns: readonly Sign[] = [
  { shows: /\ba\d/, says: 'a = acceptedEpoch · e = currentEpoch' },
  { shows: /connected \{/, says: 'connected {s1} = has read the acceptedEpoch of s1' },
  { shows: /counts \{/, says: 'counts {s1 s3} = their ACKEPOCHs, for the epoch that it proposes' },
  { shows: /registering/, says: 'registering = sent FOLLOWERINFO' },
  { shows: /\backed/, says: 'acked = sent ACKEPOCH' },
  { shows: /synced/, says: 'synced = acknowledged NEWLEADER' },
  { shows: /broken/, says: 'broken = its leader has left' },
  ...electionSigns.filter(({ says }) => !says.startsWith('e =')),
  { shows: /→ ?s\d e\d/, says: '→ s2 e1 = with peerEpoch 1' },
];

/** How far a learner of `zab-synchronization` has come; `DIFF`, `TRUNC` or `SNAP` once it has read that. */
export function stageInWords({ stage, broken, syncMode }: Fields): string {
  if (broken === true) return 'broken';
  if (stage === 'SYNCING') return `read ${syncMode}`;
  if (stage === 'NEWLEADER_1' || stage === 'NEWLEADER_2') return `NEWLEADER ${String(stage).slice(-1)}/3`;
  return stage === 'SERVING' ? 'serves' : String(stage).toLowerCase();
}

/** `{t1}`, the log and the memory of a server; `{t1}/{}` where the two differ. */
export const historyInWords = ({ disk, memory }: Fields): string =>
  memory === disk ? String(disk) : `${disk}/${memory}`;

/** `e1 {t1}`. */
export const dataInWords = (self: Fields): string => `e${self.currentEpoch} ${historyInWords(self)}`;

/** `FOLLOWING s1 synced, e1 {t1}`. Of `zab-synchronization`. */
export function synchronizationColumn(state: Plain, index: number): string {
  const self = serverOf(state, index);
  const data = dataInWords(self);
  if (self.state === 'OFF') return `off, ${data}`;
  if (self.state === 'LOOKING') return `LOOKING, ${data}`;
  if (self.state === 'LEADING') return `LEADING${self.serves === true ? ' serves' : ''}, ${data}`;
  return `${self.state} ${self.leader} ${stageInWords(self)}, ${data}`;
}

/** The meaning of each sign of `zab-synchronization`. */
export const synchronizationSigns: readonly Sign[] = [
  { shows: /\be\d/, says: 'e = currentEpoch' },
  { shows: /[^/]\{[^}]*\}(?!\/)/, says: '{t1} = log and memory' },
  { shows: /\}\/\{/, says: '{t1}/{} = log/memory' },
  { shows: /NEWLEADER \d/, says: 'NEWLEADER 1/3 = one of history, currentEpoch, ACK is done' },
  { shows: /joined/, says: 'joined = sent FOLLOWERINFO' },
  { shows: /synced/, says: 'synced = acknowledged NEWLEADER' },
  { shows: /serves/, says: 'serves = open to clients' },
  { shows: /broken/, says: 'broken = its leader has left, or its own log has failed' },
];
