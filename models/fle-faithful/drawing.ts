/** How a state of `fle-faithful` is shown: each server in a few words, and a picture. */
import type { Plain } from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import {
  BARE,
  type Draws,
  type PicturedServer,
  type PicturedVote,
  quorumOf,
  type Role,
} from '../model/drawing.js';
import { type Fields, indexOf, serversOf, sidOf } from '../model/plain-states.js';
import {
  clockLabel,
  electionTraffic,
  notificationsIn,
  notified,
  printVote,
  recorded,
} from '../votes/drawing.js';

/**
 * `LOOKING c1 → s2, has s1:s2, queue 2, waits`; `FOLLOWING c1 → s1, unknown yet` between state and vote.
 */
export function describeServer(state: Plain, index: number): string {
  const self = serversOf(state)[index];
  if (self.state === 'OFF') return 'off';
  const told = (self[self.place === 'LEAVING' ? 'endVote' : 'currentVote'] as Fields).leader;
  const leaving = self.place === 'LEAVING' ? ['unknown yet'] : [];
  if (self.state !== 'LOOKING')
    return [`${self.state} ${printVote(self.logicalclock, told)}`, ...leaving].join(', ');
  const queue = (self.recvqueue as readonly Plain[]).length;
  return [
    `LOOKING ${printVote(self.logicalclock, (self.proposal as Fields).leader)}`,
    ...recorded(self),
    ...(queue > 0 ? [`queue ${queue}`] : []),
    ...(self.place === 'FINALIZE_WAIT' ? ['waits'] : []),
  ].join(', ');
}

/** A vote with all that it carries. */
const fullVote = ({ leader, zxid, peerEpoch }: Fields): PicturedVote => ({
  leader: String(leader),
  zxid: Number(zxid),
  peerEpoch: Number(peerEpoch),
});

function faithful(self: Fields, me: number, bounds: Bounds): PicturedServer {
  const { state: role, place, logicalclock, proposal, currentVote, endVote, zxid, currentEpoch } = self;
  const own = { leader: sidOf(me), zxid: Number(zxid), peerEpoch: Number(currentEpoch) };
  if (role === 'OFF') return { ...BARE, role, own };
  const vote = fullVote(
    (role === 'LOOKING' ? proposal : place === 'LEAVING' ? endVote : currentVote) as Fields,
  );
  const recvset = self.recvset as readonly Fields[];
  const same = recvset.flatMap((entry, j) => {
    const { leader, zxid: theirs, peerEpoch } = fullVote(entry);
    const equal = leader === vote.leader && theirs === vote.zxid && peerEpoch === vote.peerEpoch;
    return equal && entry.state !== 'OFF' && entry.electionEpoch === logicalclock ? [sidOf(j)] : [];
  });
  return {
    ...BARE,
    role: role as Role,
    label: clockLabel(role, logicalclock, vote.leader),
    clock: Number(logicalclock),
    vote,
    own,
    waits: place === 'FINALIZE_WAIT',
    quorum: role === 'LOOKING' ? quorumOf(`votes for ${vote.leader}`, same, bounds) : null,
  };
}

export const draws: Draws = {
  picture: (state, bounds) => ({
    servers: serversOf(state).map((self, me) => faithful(self, me, bounds)),
    messages: notificationsIn(state),
  }),
  traffic: (step, before, _after, bounds) => {
    if (step.action !== 'HandleNotification')
      return electionTraffic('ReceiveNotification', step, before, bounds);
    const [head] = serversOf(before)[indexOf(step.args[0])].recvqueue as readonly Fields[];
    return head === undefined ? {} : notified(String(head.from), head);
  },
};
