/** The model `fle-faithful`: its bounds, its presets, and its departures from the Java code. */
import { departures, fastLeaderElection } from '../fast-leader-election/index.js';
import { anyOrTogether } from '../model/bounds.js';
import { counted } from '../model/bounds-in-words.js';
import type { ModelFamily } from '../model/family.js';
import { withoutRanks } from '../votes/credentials.js';
import { credentialAtStart, electionSigns } from '../votes/drawing.js';
import { electionBounds, electionTakes, electionUses } from '../votes/election.js';
import { describeServer, draws } from './drawing.js';
import { build } from './model.js';
import type { FaithfulSchema } from './state.js';

/** The departures of `fast-leader-election` that this model has too. */
const left = [
  'finalizeWait-may-end-at-any-time',
  'resend-at-any-time',
  'one-queue-per-link',
  'connections-hold',
  'reconnects-at-once',
  'crash-empties-channels',
  'majorities-only',
];

export const fleFaithful: ModelFamily<FaithfulSchema> = {
  name: 'fle-faithful',
  summary: 'Fast Leader Election as the threads of a server run it, queue by queue: what conformance steps.',
  departures: [
    ...departures.filter(({ name }) => left.includes(name)),
    {
      name: 'loopback-keeps-the-newest',
      says: 'A server that sends itself a vote before it has received the last one loses the last of its slots.',
    },
    {
      name: 'receiving-is-one-step',
      says: 'WorkerReceiver reads state, vote and clock at one moment; in Java lookForLeader may run between.',
    },
    {
      name: 'leaving-is-one-step',
      says: 'setPeerState and recvqueue.clear are one step; in Java a notification may slip in between, or behind.',
    },
    {
      name: 'looks-at-once',
      says: 'A server that gives up begins lookForLeader in the same step; in Java it is LOOKING for a moment before.',
    },
    {
      name: 'credentials-never-change',
      says: 'currentEpoch and zxid of a server are those it started with; in Java a later election finds later ones.',
    },
  ],
  takes: {
    ...electionTakes,
    start: anyOrTogether,
    queue: { min: 1, max: 16 },
    resends: { min: 0, max: 15 },
  },
  uses: electionUses,
  presets: {
    tiny: { ...electionBounds, servers: 2, resends: 1 },
    ci: { ...electionBounds, start: 'together' },
    nightly: electionBounds,
  },
  adjust: withoutRanks,
  describe: (bounds) =>
    [fastLeaderElection.describe(bounds), `queue ${bounds.queue}`, ...counted(bounds.resends, 'resend')].join(
      ', ',
    ),
  build,
  describeServer,
  describeStart: credentialAtStart,
  signs: electionSigns,
  draws,
};
