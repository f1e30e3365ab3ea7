/**
 * The simplest model, `rules`: no behaviour at all, only every triple of votes, for claims about their order.
 */
import {
  defineModel,
  type Model,
  perServer,
  type Reading,
  sid,
  struct,
  upTo,
} from '../../src/language/index.js';
import type { Bounds } from '../model/bounds.js';
import type { Rules } from '../rules.js';
import {
  currentEpochs,
  currentEpochType,
  myidOf,
  printZxid,
  zxidOfVersion,
  zxidType,
  zxidValues,
} from '../votes/zxid.js';

/** The parts of a vote that the order compares. */
export function schema(bounds: Bounds) {
  const Vote = struct({
    peerEpoch: currentEpochType(credentialsOf(bounds)),
    /** Its place in `zxidValues`. */
    zxid: zxidType(zxidValues(credentialsOf(bounds))),
    leader: sid(bounds.servers),
  });
  return struct({ vote: perServer(3, Vote) });
}

/** Every zxid and epoch; the bounds of other models do not apply. */
const credentialsOf = ({ dataVersions }: Bounds) => ({ zxids: 'every', dataVersions }) as const;

export type VoteOrderSchema = ReturnType<typeof schema>;
export type VoteOrderState = Reading<VoteOrderSchema>;
export type VoteReading = VoteOrderState['vote'][number];

/** Whether one vote beats another under the given rules. */
export const beats = (rules: Rules, a: VoteReading, b: VoteReading): boolean =>
  rules.totalOrderPredicate(
    myidOf(a.leader),
    zxidOfVersion(a.zxid),
    a.peerEpoch,
    myidOf(b.leader),
    zxidOfVersion(b.zxid),
    b.peerEpoch,
  );

export function build(bounds: Bounds, _rules: Rules): Model<VoteOrderSchema> {
  const { servers, dataVersions } = bounds;
  const votes = servers * dataVersions ** 2;
  const leaderOf = (code: number) => code % servers;
  const placeOf = (code: number) => Math.floor(code / servers) % dataVersions;
  const [leastEpoch] = currentEpochs(credentialsOf(bounds));
  const epochOf = (code: number) => leastEpoch + Math.floor(code / servers / dataVersions);
  const print = (code: number) =>
    `s${myidOf(leaderOf(code))}@${epochOf(code)}.${printZxid(zxidOfVersion(placeOf(code)))}`;
  const anyVote = upTo('vote', votes, print);
  return defineModel({
    name: 'rules',
    schema: schema(bounds),
    initial: {
      over: [anyVote, anyVote, anyVote],
      then: ({ vote }, ...codes) => {
        codes.forEach((code, i) => {
          vote[i].leader = leaderOf(code);
          vote[i].zxid = placeOf(code);
          vote[i].peerEpoch = epochOf(code);
        });
      },
    },
    actions: {},
    terminal: () => true,
  });
}
