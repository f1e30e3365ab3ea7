/** What must hold of the order of votes itself. */

import type { Bounds } from '../../models/model/bounds.js';
import type { Rules } from '../../models/rules.js';
import { beats, type VoteOrderState, type VoteReading } from '../../models/vote-order/model.js';
import { printZxid, zxidOfVersion } from '../../models/votes/zxid.js';
import { always, type Expectations, sometimes } from '../../src/language/index.js';
import { nameOf } from './in-words.js';

/** `a (epoch 1, zxid 0x100000000, s2)`, in the order of comparison. */
const inWords = ({ peerEpoch, zxid, leader }: VoteReading, i: number): string =>
  `${'abc'[i]} (epoch ${peerEpoch}, zxid ${printZxid(zxidOfVersion(zxid))}, ${nameOf(leader)})`;

/** The vote order is irreflexive, transitive, and total on distinct sids. */
const strictTotalOrder = (rules: Rules) =>
  always<VoteOrderState>({
    name: 'strictTotalOrder',
    says: 'The order of votes is irreflexive, transitive, and decides between any two different servers.',
    source: 'FastLeaderElection.totalOrderPredicate; ZOOKEEPER-1419',
    witness: 'sidDecides',
    holds: ({ vote: [a, b, c] }) => {
      if (beats(rules, a, a)) return false;
      if (beats(rules, a, b) && beats(rules, b, a)) return false;
      if (a.leader !== b.leader && !beats(rules, a, b) && !beats(rules, b, a)) return false;
      return !(beats(rules, a, b) && beats(rules, b, c)) || beats(rules, a, c);
    },
    explain: ({ vote: [a, b, c] }) => {
      const [one, two, three] = [a, b, c].map(inWords);
      if (beats(rules, a, a)) return `${one} beats itself.`;
      if (beats(rules, a, b) && beats(rules, b, a)) return `${one} beats ${two}, which beats it too.`;
      if (a.leader !== b.leader && !beats(rules, a, b) && !beats(rules, b, a))
        return `Neither of ${one} and ${two} beats the other, though their leaders are two servers.`;
      return `${one} beats ${two}, which beats ${three}; but ${one} does not beat ${three}.`;
    },
  });

/** A witness that `field` decides: the votes are equal in all earlier fields, and one of them wins. */
const decides = (
  rules: Rules,
  name: string,
  says: string,
  equal: (a: VoteReading, b: VoteReading) => boolean,
) =>
  sometimes<VoteOrderState>({
    name,
    says,
    source: 'FastLeaderElection.totalOrderPredicate',
    shows: ({ vote: [a, b] }) => equal(a, b) && beats(rules, a, b),
  });

export const voteOrder = (_bounds: Bounds, rules: Rules): Expectations<VoteOrderState> => ({
  claims: [strictTotalOrder(rules)],
  witnesses: [
    decides(
      rules,
      'epochDecides',
      'A later epoch beats a larger zxid and sid.',
      (a, b) => a.peerEpoch > b.peerEpoch && a.zxid < b.zxid && a.leader < b.leader,
    ),
    decides(
      rules,
      'zxidDecides',
      'In one epoch a larger zxid beats a larger sid.',
      (a, b) => a.peerEpoch === b.peerEpoch && a.zxid > b.zxid && a.leader < b.leader,
    ),
    decides(
      rules,
      'sidDecides',
      'With equal epoch and zxid the larger sid wins.',
      (a, b) => a.peerEpoch === b.peerEpoch && a.zxid === b.zxid && a.leader > b.leader,
    ),
  ],
});
