/** The model `zab-discovery`: its bounds, its presets, and its departures from the Java code. */
import type { Model } from '../../src/language/index.js';
import { anyOrTogether, leastBounds } from '../model/bounds.js';
import { counted, startOf } from '../model/bounds-in-words.js';
import type { ModelFamily } from '../model/family.js';
import { afterCrash, always, type Uses } from '../model/uses.js';
import { votesUses } from '../votes/election.js';
import { describeServer, draws, signs } from './drawing.js';
import * as composed from './elected-by-votes.js';
import * as discovery from './model.js';
import type { DiscoverySchema } from './state.js';

/** The same, where votes elect. */
const withVotes = Object.fromEntries(
  Object.entries(votesUses as Uses).map(([rule, use]) => [rule, { ...use, election: 'fle' }]),
) as Uses;

const uses: Uses = {
  ...withVotes,
  hasQuorum: always,
  validVoter: { election: 'free' },
  epochToPropose: always,
  countsInEpochQuorum: always,
  leaderAcceptsEpoch: always,
  currentEpochWritten: always,
  updatesElectionVote: { election: 'fle' },
  countsEpochAck: always,
  isMoreRecentThan: always,
  oldConnectionsCount: always,
  acceptedEpochAfterCrash: afterCrash,
};

export const zabDiscovery: ModelFamily<DiscoverySchema> = {
  name: 'zab-discovery',
  summary: 'Epochs: whoever the election names, a quorum acknowledges each epoch to one leader at most.',
  departures: [
    {
      name: 'anyone-may-win',
      says: 'The election is an adversary: any LOOKING server may lead, or follow any other, at any time. With --election fle it is that of fast-leader-election, whose departures hold too, but that its votes carry a peerEpoch.',
    },
    {
      name: 'epochs-are-bounded',
      says: 'Nobody begins to lead, and no FOLLOWERINFO is read, if the epoch to propose would exceed the bound.',
    },
    {
      name: 'no-data',
      says: 'Logs are empty: the data of a server is its currentEpoch, and synchronization only writes that.',
    },
    {
      name: 'one-info-one-ack',
      says: 'A leader reads only the last of several FOLLOWERINFOs of one server, and an ACKEPOCH that counts before one that does not.',
    },
    {
      name: 'answers-come-at-once',
      says: 'LEADERINFO and NEWLEADER are read when they are sent, or never; no other server could notice a delay.',
    },
    {
      name: 'majorities-only',
      says: 'Voters have weight one; no groups, weights, Oracle or reconfiguration.',
    },
  ],
  takes: {
    servers: { min: 2, max: 7 },
    observers: { min: 0, max: 3, election: 'free' },
    election: {},
    rounds: { min: 1, max: 15, election: 'fle' },
    slots: { min: 1, max: 8, election: 'fle' },
    start: { election: 'fle', ...anyOrTogether },
    epochs: { min: 1, max: 15 },
    crashes: { min: 0, max: 15 },
    abandons: { min: 0, max: 15 },
  },
  uses,
  presets: {
    tiny: { ...leastBounds, epochs: 2 },
    ci: { ...leastBounds, epochs: 2, crashes: 1, abandons: 1 },
    nightly: { ...leastBounds, epochs: 3, crashes: 2, abandons: 2 },
  },
  adjust: () => null,
  describe: ({ servers, observers, election, rounds, slots, start, epochs, crashes, abandons }) =>
    [
      ...counted(servers, 'server'),
      ...(election === 'free' ? counted(observers, 'observer') : counted(rounds, 'round')),
      ...counted(epochs, 'epoch'),
      ...counted(crashes, 'crash'),
      ...counted(abandons, 'abandon'),
      ...(election === 'free' ? ['any election'] : ['elected by votes', ...counted(slots, 'slot')]),
      ...(election === 'fle' ? [startOf(start)] : []),
    ].join(', '),
  build: (bounds, rules) =>
    bounds.election === 'free'
      ? discovery.build(bounds, rules)
      : (composed.build(bounds, rules) as unknown as Model<DiscoverySchema>),
  describeServer,
  signs,
  draws,
};
