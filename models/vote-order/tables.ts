/**
 * Tables of a state of `rules`: the votes, and which beats which under these rules and in ZooKeeper's order.
 */
import type { Plain } from '../../src/language/index.js';
import type { Table } from '../model/family.js';
import { correct, type Rules } from '../rules.js';
import { printZxid } from '../votes/zxid.js';

interface Vote {
  readonly name: string;
  readonly sid: string;
  readonly epoch: number;
  readonly zxid: number;
}

function votesIn(state: Plain): readonly Vote[] {
  const { vote } = state as { readonly vote: readonly { readonly [field: string]: Plain }[] };
  return vote.map(({ peerEpoch, zxid, leader }, i) => ({
    name: 'abc'[i],
    sid: String(leader),
    epoch: Number(peerEpoch),
    zxid: Number(zxid),
  }));
}

const beats = ({ totalOrderPredicate }: Rules, a: Vote, b: Vote): boolean => {
  const sid = (vote: Vote) => Number(vote.sid.slice(1));
  return totalOrderPredicate(sid(a), a.zxid, a.epoch, sid(b), b.zxid, b.epoch);
};

/** `a beats b`; `neither beats the other`. */
function compared(rules: Rules, a: Vote, b: Vote): string {
  const [wins, loses] = [beats(rules, a, b), beats(rules, b, a)];
  if (wins && loses) return a === b ? `${a.name} beats itself` : 'each beats the other';
  if (!wins && !loses) return a === b ? 'no' : 'neither beats the other';
  return wins ? `${a.name} beats ${b.name}` : `${b.name} beats ${a.name}`;
}

/** `a beats b: epoch 1 is above 0`, by the order that ZooKeeper has. */
function inZooKeeper(a: Vote, b: Vote): string {
  if (a === b) return 'no';
  const [higher, lower] = beats(correct, a, b) ? [a, b] : [b, a];
  if (!beats(correct, higher, lower)) return 'neither beats the other: they are equal';
  const words = `${higher.name} beats ${lower.name}`;
  if (higher.epoch !== lower.epoch) return `${words}: epoch ${higher.epoch} is above ${lower.epoch}`;
  if (higher.zxid !== lower.zxid)
    return `${words}: zxid ${printZxid(higher.zxid)} is above ${printZxid(lower.zxid)}`;
  return `${words}: sid ${higher.sid} is above ${lower.sid}`;
}

/** Tables of the three votes, of each pair of them, and of each vote that beats itself. */
export function voteTables(state: Plain, rules: Rules): readonly Table[] {
  const votes = votesIn(state);
  const [a, b, c] = votes;
  const pairs = [
    ...votes.filter((vote) => beats(rules, vote, vote)).map((vote) => [vote, vote] as const),
    ...([
      [a, b],
      [b, c],
      [a, c],
    ] as const),
  ];
  return [
    [
      ['vote', 'for', 'epoch', 'zxid'],
      ...votes.map(({ name, sid, epoch, zxid }) => [name, sid, String(epoch), printZxid(zxid)]),
    ],
    [
      ['compared', 'under these rules', "in ZooKeeper's order"],
      ...pairs.map(([x, y]) => [
        x === y ? `${x.name} and itself` : `${x.name} and ${y.name}`,
        compared(rules, x, y),
        inZooKeeper(x, y),
      ]),
    ],
  ];
}
