/** How a state of `zab-synchronization` is shown: each server in a few words, the signs, and a picture. */
import type { Plain } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import {
  BARE,
  type Draws,
  type PicturedMessage,
  type PicturedServer,
  quorumOf,
  type Role,
} from '../model/drawing.js';
import { type Fields, indexOf, membersOf, serversOf } from '../model/plain-states.js';
import type { Sign } from '../model/signs.js';

/** How far a learner of `zab-synchronization` has come; `DIFF`, `TRUNC` or `SNAP` once it has read that. */
function stageInWords({ stage, broken, syncMode }: Fields): string {
  if (broken === true) return 'broken';
  if (stage === 'SYNCING') return `read ${syncMode}`;
  if (stage === 'NEWLEADER_1' || stage === 'NEWLEADER_2') return `NEWLEADER ${String(stage).slice(-1)}/3`;
  return stage === 'SERVING' ? 'serves' : String(stage).toLowerCase();
}

/** The transactions that a server has read, or proposed, and that its log does not have: `{t1}`. */
function unloggedInWords({ disk, pending, unlogged }: Fields): string {
  const namesIn = (set: unknown) => String(set).slice(1, -1).split(' ').filter(Boolean);
  const logged = new Set(namesIn(disk));
  const queued = new Set([...namesIn(pending), ...namesIn(unlogged)].filter((txn) => !logged.has(txn)));
  return queued.size === 0 ? '' : `+{${[...queued].sort().join(' ')}}`;
}

/** `{t1}`, the log and the memory of a server; `{t1}+{t2}/{}` where they differ, and t2 is to be logged. */
function historyInWords(self: Fields): string {
  const { disk, memory, orphaned } = self;
  const orphans = orphaned === '{}' ? '' : `~${orphaned}`;
  const log = `${disk}${unloggedInWords(self)}${orphans}`;
  return log === memory ? log : `${log}/${memory}`;
}

/** `e1 {t1}`. */
const dataInWords = (self: Fields): string => `e${self.currentEpoch} ${historyInWords(self)}`;

/** `FOLLOWING s1 synced, e1 {t1}`. */
export function describeServer(state: Plain, index: number): string {
  const self = serversOf(state)[index];
  const data = dataInWords(self);
  if (self.state === 'OFF') return `off, ${data}`;
  if (self.state === 'LOOKING') return `LOOKING, ${data}`;
  if (self.state === 'LEADING') return `LEADING${self.serves === true ? ' serves' : ''}, ${data}`;
  return `${self.state} ${self.leader} ${stageInWords(self)}, ${data}`;
}

/** The meaning of each sign of `zab-synchronization`. */
export const signs: readonly Sign[] = [
  { shows: /\be\d/, says: 'e = currentEpoch' },
  { shows: /[^/+~]\{[^}]*\}(?![/+~])/, says: '{t1} = log and memory' },
  { shows: /\}\/\{/, says: '{t1}/{} = log/memory' },
  { shows: /\+\{/, says: '+{t1} = to be logged' },
  { shows: /~\{/, says: '~{t1} = a log of before has yet to write it' },
  { shows: /NEWLEADER \d/, says: 'NEWLEADER 1/3 = one of history, currentEpoch, ACK is done' },
  { shows: /joined/, says: 'joined = sent FOLLOWERINFO' },
  { shows: /synced/, says: 'synced = acknowledged NEWLEADER' },
  { shows: /serves/, says: 'serves = open to clients' },
  { shows: /broken/, says: 'broken = its connection has ended' },
];
function synchronizing(self: Fields, txn: readonly Fields[], bounds: Bounds): PicturedServer {
  const { state: role, acceptedEpoch, currentEpoch, disk, leader, serves } = self;
  const durable = { acceptedEpoch, currentEpoch, disk };
  const shown = { ...BARE, role: role as Role, durable };
  if (role === 'OFF' || role === 'LOOKING') return { ...shown, label: dataInWords(self) };
  if (role !== 'LEADING') {
    return {
      ...shown,
      label: `→${leader} ${stageInWords(self)} ${historyInWords(self)}`,
      vote: { leader: String(leader), peerEpoch: null, zxid: 0 },
    };
  }
  const waiting = txn.findIndex(
    ({ epoch, acks }, t) =>
      epoch === currentEpoch && String(acks) !== '{}' && !String(self.memory).includes(`t${t + 1}`),
  );
  return {
    ...shown,
    label: `${serves === true ? 'serves ' : ''}${dataInWords(self)}`,
    quorum:
      serves !== true
        ? quorumOf('counted for NEWLEADER', membersOf(self.newLeaderAcks), bounds)
        : waiting < 0
          ? null
          : quorumOf(`counted for t${waiting + 1}`, membersOf(txn[waiting].acks), bounds),
  };
}

/** Messages are read in the step that sends them. */
export const draws: Draws = {
  picture: (state, bounds) => {
    const { txn } = state as { readonly txn: readonly Fields[] };
    return { servers: serversOf(state).map((self) => synchronizing(self, txn, bounds)), messages: [] };
  },
  traffic: ({ action, args }, before, after, { servers }) => {
    const me = indexOf(args[0]);
    const leader =
      action === 'JoinLeader' ? indexOf(args[1]) : indexOf(serversOf(before)[me]?.leader ?? 's0');
    const told = (kind: string, text = ''): PicturedMessage => ({ from: leader, to: me, kind, text });
    const tells = (kind: string): PicturedMessage => ({ from: me, to: leader, kind, text: '' });
    switch (action) {
      case 'JoinLeader':
        return { instant: [tells('FOLLOWERINFO')] };
      case 'ReceiveSync':
        return { instant: [told(String(serversOf(after)[me].syncMode))] };
      case 'WriteNewLeader': {
        const acks = (state: Plain) => membersOf(serversOf(state)[leader].newLeaderAcks);
        const isAck = acks(after).length > acks(before).length;
        return { instant: isAck ? [tells('ACK of NEWLEADER')] : [] };
      }
      case 'HandleUpToDate':
        return { instant: [told('UPTODATE')] };
      case 'ReadProposal':
        return { instant: [told(me < servers ? 'PROPOSAL' : 'INFORM')] };
      case 'ReceiveAck':
        return { instant: [{ from: indexOf(args[1]), to: me, kind: 'ACK', text: String(args[2]) }] };
      case 'ReadCommit':
        return { instant: [told('COMMIT')] };
      default:
        return {};
    }
  },
};
