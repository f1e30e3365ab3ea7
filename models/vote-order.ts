/**
 * The bottom rung, `rules`: no behaviour at all, only every triple of votes, for claims about their order.
 */
import {
  defineModel,
  type Model,
  perServer,
  type Reading,
  range,
  sid,
  struct,
  upTo,
} from '../src/spec/index.js';
import type { Rules } from './rules.js';
import type { Bounds } from './rung.js';

/** A vote as the order sees it. */
export function schema({ servers, dataVersions }: Bounds) {
  const most = dataVersions - 1;
  const Vote = struct({ peerEpoch: range(0, most), zxid: range(0, most), leader: sid(servers) });
  return struct({ vote: perServer(3, Vote) });
}

export type VoteOrderSchema = ReturnType<typeof schema>;
export type VoteOrderState = Reading<VoteOrderSchema>;
export type VoteReading = VoteOrderState['vote'][number];

/** Whether one vote beats another under the given rules. */
export const beats = (rules: Rules, a: VoteReading, b: VoteReading): boolean =>
  rules.totalOrderPredicate(a.leader, a.zxid, a.peerEpoch, b.leader, b.zxid, b.peerEpoch);

export function build(bounds: Bounds, _rules: Rules): Model<VoteOrderSchema> {
  const { servers, dataVersions } = bounds;
  const votes = servers * dataVersions ** 2;
  const print = (code: number) =>
    `s${(code % servers) + 1}@${Math.floor(code / servers / dataVersions)}.${Math.floor(code / servers) % dataVersions}`;
  const anyVote = upTo('vote', votes, print);
  return defineModel({
    name: 'rules',
    schema: schema(bounds),
    initial: {
      over: [anyVote, anyVote, anyVote],
      then: ({ vote }, ...codes) => {
        codes.forEach((code, i) => {
          vote[i].leader = code % servers;
          vote[i].zxid = Math.floor(code / servers) % dataVersions;
          vote[i].peerEpoch = Math.floor(code / servers / dataVersions);
        });
      },
    },
    actions: {},
    terminal: () => true,
  });
}
