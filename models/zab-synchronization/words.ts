/** The steps of `zab-synchronization` in ZooKeeper's words: what is sent, logged and committed, by name. */

import { LEADING, LOOKING, OFF } from '../model/server-state.js';
import type { NewLeaderWrite } from '../rules.js';
import { has, lastOf, nextAfter, printHistory, upToTxn } from './histories.js';
import { Stage, type SynchronizationState, SyncMode } from './state.js';

const { DIFF, TRUNC } = SyncMode.values;
const { SERVING } = Stage.values;
type State = SynchronizationState;

const name = (server: number): string => `s${server + 1}`;
const txnName = (t: number): string => `t${t + 1}`;
const historyOf = ({ txn }: State, set: number): string => printHistory(set, txn.length);
/** `t1 t2`. */
const txnsOf = (s: State, set: number): string => historyOf(s, set).slice(1, -1);

/** The committed transactions of its leader that a learner lacks: those of a DIFF. */
function lackedBy({ server, txn }: State, me: number): number {
  const { memory, leader } = server[me];
  const theirs = server[leader].memory;
  return theirs & ~upToTxn(txn, theirs, lastOf(txn, memory));
}

/** `s1 sends s2 DIFF (t1)`, `s1 tells s2 to truncate to t1`, `s1 sends s2 SNAP {t1 t2}`. */
export function syncInWords(s: State, me: number, mode: number): string {
  const { leader } = s.server[me];
  const theirs = s.server[leader].memory;
  if (mode === TRUNC) {
    const last = lastOf(s.txn, theirs);
    return `${name(leader)} tells ${name(me)} to truncate ${last < 0 ? 'its whole log' : `to ${txnName(last)}`}`;
  }
  if (mode !== DIFF) return `${name(leader)} sends ${name(me)} SNAP ${historyOf(s, theirs)}`;
  const lacked = lackedBy(s, me);
  return `${name(leader)} sends ${name(me)} ${lacked === 0 ? 'an empty DIFF' : `DIFF (${txnsOf(s, lacked)})`}`;
}

/** One of the three writes that NEWLEADER asks of a learner. */
export function writeInWords(s: State, me: number, write: NewLeaderWrite): string {
  const { leader, memory, syncMode } = s.server[me];
  if (write === 'ack') return `${name(me)} acknowledges NEWLEADER`;
  if (write === 'currentEpoch')
    return `${name(me)} writes currentEpoch ${s.server[leader].currentEpoch} for NEWLEADER`;
  if (syncMode !== DIFF) return `${name(me)} writes a snapshot ${historyOf(s, memory)} for NEWLEADER`;
  const lacked = lackedBy(s, me);
  return `${name(me)} logs ${lacked === 0 ? 'nothing' : txnsOf(s, lacked)} for NEWLEADER`;
}

/**
 * `s2 logs t1 and acknowledges it: s1 commits t1`. `isQuorum`: whether a leader takes a number of servers for
 * a quorum.
 */
export function logInWords(s: State, me: number, t: number, isQuorum: (acks: number) => boolean): string {
  const { txn, server } = s;
  const { leader } = server[me];
  const { disk } = server[leader];
  let { memory } = server[leader];
  const commits: string[] = [];
  for (let next = 0; next >= 0; ) {
    next = nextAfter(txn, disk, lastOf(txn, memory));
    if (next < 0 || !isQuorum(next === t ? txn[next].acks | (1 << me) : txn[next].acks)) break;
    memory |= 1 << next;
    commits.push(txnName(next));
  }
  const logs = `${name(me)} logs ${txnName(t)} and acknowledges it`;
  return commits.length === 0 ? logs : `${logs}: ${name(leader)} commits ${commits.join(' and ')}`;
}

/** `s2 commits t1`, or `s2 fails to log t1, and commits it`. */
export const commitInWords = ({ server }: State, me: number, t: number): string =>
  has(server[me].disk, t)
    ? `${name(me)} commits ${txnName(t)}`
    : `${name(me)} fails to log ${txnName(t)}, and commits it`;

/** Why a server gives up: its log has failed, its leader has given up, or it has no quorum. */
export function escapeInWords({ server }: State, me: number): string {
  const { broken, leader, stage, acceptedEpoch } = server[me];
  if (!broken) return `${name(me)} has no quorum behind it, and leads no more`;
  const { state, currentEpoch } = server[leader];
  const isLed = stage === SERVING && state === LEADING && currentEpoch === acceptedEpoch;
  const because = isLed ? 'for its own log has failed' : 'which has closed the connection';
  return `${name(me)} gives up ${name(leader)}, ${because}`;
}

/** The model's answers about a state without a step. */
interface Stuck {
  /** The first so many servers vote. */
  readonly voters: number;
  readonly mayStart: (server: number) => boolean;
  /** Whether the vote of `b` wins over that of `a`. */
  readonly ranksBelow: (a: number, b: number) => boolean;
}

/**
 * Why no server takes a step: `s3 may not start, for its log ends with t1 of epoch 1 and its currentEpoch is
 * 0; s1 and s2 elect nobody, for s1 wins over s2 and s2 wins over s1`.
 */
export function stuckInWords(s: State, { voters, mayStart, ranksBelow }: Stuck): string {
  const all = Array.from({ length: s.server.length }, (_, i) => i);
  const refused = all
    .filter((i) => s.server[i].state === OFF && !mayStart(i))
    .map((i) => `${name(i)} may not start, for ${refusalInWords(s, i)}`);
  const looking = all.filter((i) => i < voters && s.server[i].state === LOOKING);
  const wins = looking.flatMap((a) =>
    looking.filter((b) => a !== b && ranksBelow(b, a)).map((b) => `${name(a)} wins over ${name(b)}`),
  );
  const isBeaten = (a: number) => looking.some((b) => a !== b && ranksBelow(a, b));
  // If a server is not beaten, there is another reason, such as too few LOOKING servers.
  const because = looking.every(isBeaten) ? `, for ${wins.join(' and ')}` : '';
  const elect = looking.length === 0 ? [] : [`${looking.map(name).join(' and ')} elect nobody${because}`];
  return [...refused, ...elect].join('; ');
}

/** Why `QuorumPeer.loadDataBase` throws. */
function refusalInWords({ server, txn }: State, me: number): string {
  const { disk, acceptedEpoch, currentEpoch } = server[me];
  if (acceptedEpoch < currentEpoch) {
    return `its acceptedEpoch is ${acceptedEpoch} and its currentEpoch ${currentEpoch}`;
  }
  const last = lastOf(txn, disk);
  return `its log ends with ${txnName(last)} of epoch ${txn[last].epoch} and its currentEpoch is ${currentEpoch}`;
}
