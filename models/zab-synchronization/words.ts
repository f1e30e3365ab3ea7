/** The steps of `zab-synchronization` in ZooKeeper's words: what is sent, logged and committed, by name. */

import { LEADING, LOOKING, OFF } from '../model/server-state.js';
import type { NewLeaderWrite } from '../rules.js';
import { has, lastOf, printHistory } from './histories.js';
import { Stage, type SynchronizationState, SyncMode } from './state.js';

const { DIFF, TRUNC } = SyncMode.values;
const { SERVING } = Stage.values;
type State = SynchronizationState;

const name = (server: number): string => `s${server + 1}`;
const txnName = (t: number): string => `t${t + 1}`;
const historyOf = ({ txn }: State, set: number): string => printHistory(set, txn.length);
/** `t1 t2`. */
const txnsOf = (s: State, set: number): string => historyOf(s, set).slice(1, -1);

/** The packets that a leader sends a learner before NEWLEADER. */
interface Sync {
  readonly mode: number;
  /** The transactions of a DIFF. */
  readonly diff: number;
  /** The last of what the leader has; -1 if it has nothing. */
  readonly last: number;
  /** The proposals that are queued behind it. */
  readonly queued: number;
}

/**
 * `s1 sends s2 DIFF (t1)`, `s1 tells s2 to truncate to t1`, `s1 sends s2 SNAP {t1 t2}`; and the proposals
 * that are queued behind it: `, and PROPOSAL t2`.
 */
export function syncInWords(s: State, me: number, { mode, diff, last, queued }: Sync): string {
  const { leader } = s.server[me];
  const theirs = s.server[leader].memory;
  const behind = mode === DIFF ? queued & ~diff : queued;
  const also = behind === 0 ? '' : `, and PROPOSAL ${txnsOf(s, behind)}`;
  if (mode === TRUNC) {
    const to = last < 0 ? 'its whole log' : `to ${txnName(last)}`;
    return `${name(leader)} tells ${name(me)} to truncate ${to}${also}`;
  }
  if (mode !== DIFF) return `${name(leader)} sends ${name(me)} SNAP ${historyOf(s, theirs)}${also}`;
  const what = diff === 0 ? 'an empty DIFF' : `DIFF (${txnsOf(s, diff)})`;
  return `${name(leader)} sends ${name(me)} ${what}${also}`;
}

/** One of the three writes that NEWLEADER asks of a learner. `logged`: what it logs for it. */
export function writeInWords(s: State, me: number, write: NewLeaderWrite, logged: number): string {
  const { leader, memory, syncMode } = s.server[me];
  if (write === 'ack') return `${name(me)} acknowledges NEWLEADER`;
  if (write === 'currentEpoch')
    return `${name(me)} writes currentEpoch ${s.server[leader].currentEpoch} for NEWLEADER`;
  const logs = logged === 0 ? 'logs nothing' : `logs ${txnsOf(s, logged)}`;
  if (syncMode === DIFF) return `${name(me)} ${logs} for NEWLEADER`;
  const also = logged === 0 ? '' : `, and ${logs},`;
  return `${name(me)} writes a snapshot ${historyOf(s, memory)}${also} for NEWLEADER`;
}

/**
 * `s2 logs t1 and acknowledges it`, `s1 logs t1, and commits it`, `s4 logs t1`. `isVoter`: the server votes.
 * `commits`: it leads, and its own ACK makes it commit the transaction.
 */
export function logInWords(
  { server }: State,
  me: number,
  t: number,
  isVoter: boolean,
  commits: boolean,
): string {
  const logs = `${name(me)} logs ${txnName(t)}`;
  const { state, broken } = server[me];
  if (state === LEADING) return commits ? `${logs}, and commits it` : logs;
  return isVoter && !broken ? `${logs} and acknowledges it` : logs;
}

/** `s2 commits t1`, or `s2 fails to log t1, and commits it`. `fails`: a log may fail. */
export const commitInWords = ({ server }: State, me: number, t: number, fails: boolean): string =>
  fails && has(server[me].unlogged, t)
    ? `${name(me)} fails to log ${txnName(t)}, and commits it`
    : `${name(me)} commits ${txnName(t)}`;

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
