/** The rungs: each model with its bounds, its presets and its departures from the Java code. */

import type { Model } from '../src/spec/index.js';
import {
  credentialAtStart,
  discoveryColumn,
  discoverySigns,
  electionSigns,
  fastLeaderElectionColumn,
  fleFaithfulColumn,
  synchronizationColumn,
  synchronizationSigns,
  tutorialColumn,
} from './columns.js';
import * as fle from './fast-leader-election/model.js';
import { reduced } from './fast-leader-election/reductions/reduced-model.js';
import { fleReductions } from './fast-leader-election/reductions/reductions.js';
import { wholeRun } from './fast-leader-election/reductions/whole-run.js';
import * as faithful from './fle-faithful/model.js';
import type { FaithfulSchema } from './fle-faithful/state.js';
import { counted, credentialsIn, reducedBy, sizes, startOf } from './model/bounds-in-words.js';
import type { Bounds, Departure, Rung } from './model/entry.js';
import {
  fastLeaderElectionBounds,
  fleFaithfulBounds,
  tutorialBounds,
  voteOrderBounds,
  zabDiscoveryBounds,
  zabSynchronizationBounds,
} from './model/presets.js';
import {
  electionUses,
  tutorialUses,
  voteOrderUses,
  zabDiscoveryUses,
  zabSynchronizationUses,
} from './model/uses.js';
import {
  fastLeaderElectionDraws,
  fleFaithfulDraws,
  tutorialDraws,
  zabDiscoveryDraws,
  zabSynchronizationDraws,
} from './pictures.js';
import type { Rules } from './rules.js';
import * as tutorialModel from './tutorial/model.js';
import * as order from './vote-order/model.js';
import { voteTables } from './vote-order/tables.js';
import { ranksUnsoundBecause } from './votes/credentials.js';
import { MOST_VERSIONS, MOST_ZXID } from './votes/zxid.js';
import * as composed from './zab-discovery/elected-by-votes.js';
import * as discovery from './zab-discovery/model.js';
import type { DiscoverySchema } from './zab-discovery/state.js';
import * as synchronization from './zab-synchronization/model.js';
import type { SynchronizationSchema } from './zab-synchronization/state.js';

/** What a model takes that knows no order of starts. */
const anyOrTogether = { values: ['staggered', 'together'] } as const;

export const voteOrder: Rung<order.VoteOrderSchema> = {
  name: 'rules',
  summary: 'The order of votes alone: every triple of votes.',
  departures: [],
  takes: { servers: { min: 2, max: 4 }, dataVersions: { min: 1, max: 3 } },
  uses: voteOrderUses,
  presets: voteOrderBounds,
  adjust: () => null,
  describe: ({ servers, dataVersions }) =>
    `votes for ${servers} servers, ${credentialsIn({ zxids: 'every', dataVersions }, true)}, every triple`,
  build: order.build,
  tabulate: voteTables,
};

export const tutorial: Rung<tutorialModel.TutorialSchema> = {
  name: 'tutorial',
  summary: "The textbook's rules: votes settle at once after each start and each crash.",
  departures: [
    {
      name: 'votes-settle-at-once',
      says: 'Between two steps all votes are exchanged; in Java they are messages, late or overwritten.',
    },
    {
      name: 'no-epochs',
      says: 'All servers have one currentEpoch, so votes are ordered by zxid and sid; in Java peerEpoch comes before zxid.',
    },
  ],
  takes: {
    servers: { min: 1, max: 7 },
    rounds: { min: 1, max: 7 },
    crashes: { min: 0, max: 6 },
    zxids: { min: 0, max: MOST_ZXID },
    dataVersions: { min: 1, max: MOST_VERSIONS },
  },
  uses: tutorialUses,
  presets: tutorialBounds,
  adjust: withoutRanks,
  describe: (bounds) => [...sizes(bounds), 'any start order', credentialsIn(bounds, false)].join(', '),
  build: tutorialModel.build,
  describeServer: tutorialColumn,
  describeStart: credentialAtStart,
  signs: electionSigns,
  draws: tutorialDraws,
};

const departures: readonly Departure[] = [
  {
    name: 'own-vote-counts-at-once',
    says: 'sendNotifications reaches the sender itself by loopback and its queue; here its own vote always counts.',
  },
  {
    name: 'finalizeWait-may-end-at-any-time',
    says: 'Java waits 200 ms after the last notification; here the wait ends whenever it likes.',
  },
  {
    name: 'put-back-is-handled-at-once',
    says: 'A better vote that ends finalizeWait goes to the tail of recvqueue in Java; here that step handles it.',
  },
  {
    name: 'resend-at-any-time',
    says: 'Java sends again after its queue was empty for a time; here a server not in finalizeWait may always.',
  },
  {
    name: 'one-queue-per-link',
    says: 'Send queue, TCP and receive queue are one channel of K slots a link; the newest overwrites the last.',
  },
  {
    name: 'connections-hold',
    says: 'A connection breaks by a crash or from the budget of --disconnects; TCP loses nothing else.',
  },
  {
    name: 'reconnects-at-once',
    says: 'Both ends notice a broken connection at once, and connect again in the same step; a server that comes back after a crash is sent no stale lastMessageSent.',
  },
  {
    name: 'any-sender-next',
    says: 'Java handles notifications in the order of arrival over all senders; here the next is of any sender.',
  },
  {
    name: 'replies-when-handled',
    says: 'WorkerReceiver answers on receipt, with the vote of that moment; here the step that handles it answers.',
  },
  {
    name: 'leaving-keeps-the-queue',
    says: 'leaveInstance clears recvqueue; here what was not handled is handled, and answered, after the decision.',
  },
  {
    name: 'crash-empties-channels',
    says: "A crash drops all that was on its way to the server; a sender's queue slot would outlive it in Java.",
  },
  {
    name: 'leave-is-one-step',
    says: 'setPeerState and setCurrentVote are one step; in Java an old vote can go out with the new state between.',
  },
  {
    name: 'credentials-are-fixed',
    says: 'currentEpoch and zxid of a server never change, so a vote carries its leader and looks the rest up.',
  },
  {
    name: 'zxids-are-known',
    says: 'Java ignores a zxid of -1, a server without a database; here every zxid is 0 or more.',
  },
  {
    name: 'forgets-on-leaving',
    says: 'recvset, outofelection and the wait are cleared on leaving LOOKING, like the locals of lookForLeader; exact.',
  },
  {
    name: 'majorities-only',
    says: 'Every server votes with weight one: no observers, groups, weights, Oracle or reconfiguration.',
  },
];

/** What both models of Fast Leader Election take. */
const electionTakes = {
  servers: { min: 2, max: 7 },
  rounds: { min: 1, max: 15 },
  crashes: { min: 0, max: 15 },
  abandons: { min: 0, max: 15 },
  disconnects: { min: 0, max: 15 },
  slots: { min: 1, max: 8 },
  zxids: { min: 0, max: MOST_ZXID },
  dataVersions: { min: 1, max: MOST_VERSIONS },
} as const;

export const fastLeaderElection: Rung<fle.FleSchema> = {
  name: 'fast-leader-election',
  summary: 'Fast Leader Election with messages that are late, overwritten or repeated, crashes and restarts.',
  departures,
  takes: {
    ...electionTakes,
    returns: {},
    start: {},
    reduce: {},
  },
  uses: electionUses,
  presets: fastLeaderElectionBounds,
  adjust: withoutRanks,
  describe: (bounds) =>
    [
      ...sizes(bounds),
      ...(bounds.returns === 'none' && bounds.crashes > 0 ? ['nobody returns'] : []),
      ...counted(bounds.abandons, 'abandon'),
      ...counted(bounds.disconnects, 'broken connection'),
      ...counted(bounds.slots, 'slot'),
      startOf(bounds.start),
      credentialsIn(bounds, true),
      ...reducedBy(bounds, fleReductions),
    ].join(', '),
  build: (bounds, rules) => reduced(fle.build(bounds, rules), bounds, rules),
  reductions: fleReductions,
  reducedWhollyAt: { slots: 1, rounds: 1, abandons: 0, disconnects: 0, returns: 'none' },
  wholeRun,
  describeServer: fastLeaderElectionColumn,
  describeStart: credentialAtStart,
  signs: electionSigns,
  draws: fastLeaderElectionDraws,
};

/** Of the departures of `fast-leader-election`, those that are left. */
const left = [
  'finalizeWait-may-end-at-any-time',
  'resend-at-any-time',
  'one-queue-per-link',
  'connections-hold',
  'reconnects-at-once',
  'crash-empties-channels',
  'majorities-only',
];

export const fleFaithful: Rung<FaithfulSchema> = {
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
  presets: fleFaithfulBounds,
  adjust: withoutRanks,
  describe: (bounds) =>
    [fastLeaderElection.describe(bounds), `queue ${bounds.queue}`, ...counted(bounds.resends, 'resend')].join(
      ', ',
    ),
  build: faithful.build,
  describeServer: fleFaithfulColumn,
  describeStart: credentialAtStart,
  signs: electionSigns,
  draws: fleFaithfulDraws,
};

export const zabDiscovery: Rung<DiscoverySchema> = {
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
      says: 'Logs are empty: a state is currentEpoch alone, and synchronization is writing it.',
    },
    {
      name: 'one-info-one-ack',
      says: 'Of several FOLLOWERINFOs that one server sent to one leader only the last is read; an ACKEPOCH that counts is read before one that does not.',
    },
    {
      name: 'answers-come-at-once',
      says: 'LEADERINFO and NEWLEADER are read when they are sent, or never: until then nobody could tell.',
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
  uses: zabDiscoveryUses,
  presets: zabDiscoveryBounds,
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
  describeServer: discoveryColumn,
  signs: discoverySigns,
  draws: zabDiscoveryDraws,
};

export const zabSynchronization: Rung<SynchronizationSchema> = {
  name: 'zab-synchronization',
  summary: 'Transactions: logged, acknowledged, committed, synchronized after each election, and never lost.',
  departures: [
    {
      name: 'election-is-one-step',
      says: 'A quorum elects its best member and accepts its epoch in one step, as the rungs below have shown it may.',
    },
    {
      name: 'epochs-are-bounded',
      says: 'No quorum elects a leader whose epoch would exceed the bound.',
    },
    {
      name: 'ties-go-either-way',
      says: 'Of servers with equal currentEpoch and zxid either may win, as if its sid were larger; under another order of votes the sids decide as that order has it.',
    },
    {
      name: 'leader-chooses-snapshots',
      says: 'A leader may send a snapshot to whoever is not ahead of it; in Java the length of its logs decides.',
    },
    {
      name: 'sync-is-of-one-moment',
      says: 'A learner reads what its leader has committed by then; Java queues what is committed meanwhile behind it.',
    },
    {
      name: 'dropped-is-unacknowledged',
      says: 'An ACK for what its sender is told to truncate counts no more; in Java it does (acks-outlive-truncation).',
    },
    {
      name: 'leader-logs-first',
      says: 'A leader has logged what it proposes; in Java its own log is a follower like any other.',
    },
    {
      name: 'acks-arrive-at-once',
      says: 'An ACK is counted in the step that sends it, and a commit follows at once: it could only come later.',
    },
    {
      name: 'logs-do-not-fail',
      says: 'Every write to a log succeeds; in Java one may fail, and the server commits without it (commitsUnlogged).',
    },
    {
      name: 'majorities-only',
      says: 'Voters have weight one; no groups, weights, Oracle or reconfiguration.',
    },
  ],
  takes: {
    servers: { min: 2, max: 7 },
    observers: { min: 0, max: 3 },
    epochs: { min: 1, max: 15 },
    txns: { min: 1, max: 6 },
    crashes: { min: 0, max: 15 },
    abandons: { min: 0, max: 15 },
  },
  uses: zabSynchronizationUses,
  presets: zabSynchronizationBounds,
  adjust: () => null,
  describe: ({ servers, observers, epochs, txns, crashes, abandons }) =>
    [
      ...counted(servers, 'server'),
      ...counted(observers, 'observer'),
      ...counted(epochs, 'epoch'),
      ...counted(txns, 'txn'),
      ...counted(crashes, 'crash'),
      ...counted(abandons, 'abandon'),
    ].join(', '),
  build: synchronization.build,
  describeServer: synchronizationColumn,
  signs: synchronizationSigns,
  draws: zabSynchronizationDraws,
};

/**
 * Where one ranking of the servers does not stand for every assignment of credentials, each becomes an
 * initial state.
 */
function withoutRanks(bounds: Bounds, rules: Rules): { bounds: Bounds; because: string } | null {
  const because = bounds.zxids === 'ranks' ? ranksUnsoundBecause(bounds, rules) : null;
  if (because === null) return null;
  return {
    bounds: { ...bounds, zxids: 'every', dataVersions: Math.max(2, bounds.dataVersions) },
    because: `${because}, so every assignment of epochs and zxids is an initial state`,
  };
}
