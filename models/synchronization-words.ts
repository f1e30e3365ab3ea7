/** The steps of `zab-synchronization` in ZooKeeper's words: what is sent, logged and committed, by name. */
import { lastOf, nextAfter, printHistory, upToTxn } from './histories.js';
import type { NewLeaderWrite } from './rules.js';
import { type SynchronizationState, SyncMode } from './synchronization-state.js';

const { DIFF, TRUNC } = SyncMode.values;
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

/** One of the three things that a learner does for NEWLEADER. */
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
 * `s2 logs t1 and acknowledges it: s1 commits t1`. `isQuorum` tells of a number of servers whether a leader
 * takes it for a quorum.
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

/** Why a server gives up: its leader has, or it has no quorum. */
export const escapeInWords = ({ server }: State, me: number): string =>
  server[me].broken
    ? `${name(me)} gives up ${name(server[me].leader)}, which has closed the connection`
    : `${name(me)} has no quorum behind it, and leads no more`;
