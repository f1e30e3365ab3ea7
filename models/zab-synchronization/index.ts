/** The model `zab-synchronization`: its bounds, its presets, and its departures from the Java code. */
import { leastBounds } from '../model/bounds.js';
import { counted } from '../model/bounds-in-words.js';
import type { ModelFamily } from '../model/family.js';
import { always } from '../model/uses.js';
import { describeServer, draws, signs } from './drawing.js';
import { build } from './model.js';
import type { SynchronizationSchema } from './state.js';

export const zabSynchronization: ModelFamily<SynchronizationSchema> = {
  name: 'zab-synchronization',
  summary: 'Transactions: logged, acknowledged, committed, synchronized after each election, and never lost.',
  departures: [
    {
      name: 'election-is-one-step',
      says: 'A quorum elects its best member and accepts its epoch in one step, as the other models have shown that it may.',
    },
    {
      name: 'epochs-are-bounded',
      says: 'No quorum elects a leader whose epoch would exceed the bound.',
    },
    {
      name: 'ties-go-either-way',
      says: 'Either of two servers with equal currentEpoch and zxid may win, as if its sid were larger; another order of votes is asked for their sids.',
    },
    {
      name: 'leader-chooses-snapshots',
      says: 'A leader may send a snapshot to any learner that is not ahead of it; in Java the length of its logs decides.',
    },
    {
      name: 'flush-is-one-step',
      says: 'A learner reads in one step what its leader queues for it before NEWLEADER; in Java packet by packet.',
    },
    {
      name: 'commits-overtake',
      says: 'A follower may read a COMMIT before a PROPOSAL that was sent before it; in Java packets come in order.',
    },
    {
      name: 'snapshots-know-who-serves',
      says: 'The zxid of a snapshot is told by whether the leader serves when the snapshot is written; in Java when it is sent.',
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
  uses: {
    totalOrderPredicate: always,
    hasQuorum: always,
    countsInEpochQuorum: { needs: { observers: 1 } },
    truncates: always,
    diffHolds: always,
    queuesOutstanding: always,
    leaderAcksNewLeader: always,
    truncatesCommitted: always,
    truncationRevokesAcks: always,
    lateAcksCount: always,
    newLeaderWrites: always,
    loggedForNewLeader: always,
    logWriterSurvives: always,
    acksDiffWhenLogged: always,
    commitsUnlogged: always,
    databaseAfterLeaving: always,
  },
  presets: {
    tiny: { ...leastBounds, epochs: 3, txns: 1, crashes: 1, abandons: 1 },
    ci: { ...leastBounds, epochs: 3, txns: 2, crashes: 2, abandons: 1 },
    nightly: { ...leastBounds, epochs: 3, txns: 3, crashes: 2, abandons: 1 },
  },
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
  build,
  describeServer,
  signs,
  draws,
};
