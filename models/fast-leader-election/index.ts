/** The model `fast-leader-election`: its bounds, its presets, and its departures from the Java code. */
import { counted, reducedBy, sizes, startOf } from '../model/bounds-in-words.js';
import type { Departure, ModelFamily } from '../model/family.js';
import { credentialsInWords, withoutRanks } from '../votes/credentials.js';
import { credentialAtStart, electionSigns } from '../votes/drawing.js';
import { electionBounds, electionTakes, electionUses } from '../votes/election.js';
import { describeServer, draws } from './drawing.js';
import { build, type FleSchema } from './model.js';
import { reduced } from './reductions/reduced-model.js';
import { fleReductions } from './reductions/reductions.js';
import { wholeRun } from './reductions/whole-run.js';

export const departures: readonly Departure[] = [
  {
    name: 'own-vote-counts-at-once',
    says: 'sendNotifications reaches the sender itself by loopback and its queue; here its own vote always counts.',
  },
  {
    name: 'finalizeWait-may-end-at-any-time',
    says: 'Java waits 200 ms after the last notification; here the wait may end at any time.',
  },
  {
    name: 'put-back-is-handled-at-once',
    says: 'A better vote that ends finalizeWait goes to the tail of recvqueue in Java; here that step handles it.',
  },
  {
    name: 'resend-at-any-time',
    says: 'Java sends again after its queue was empty for a time; here a server that is not in finalizeWait may at any time.',
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
    says: 'Java handles notifications in the order of arrival over all senders; here any sender may be next.',
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
    says: "A crash drops all messages on their way to the server; a sender's queue slot would outlive it in Java.",
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

export const fastLeaderElection: ModelFamily<FleSchema> = {
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
  presets: {
    tiny: electionBounds,
    ci: { ...electionBounds, rounds: 2, crashes: 1, abandons: 1 },
    nightly: { ...electionBounds, rounds: 2, crashes: 1, abandons: 2 },
  },
  adjust: withoutRanks,
  describe: (bounds) =>
    [
      ...sizes(bounds),
      ...(bounds.returns === 'none' && bounds.crashes > 0 ? ['nobody returns'] : []),
      ...counted(bounds.abandons, 'abandon'),
      ...counted(bounds.disconnects, 'broken connection'),
      ...counted(bounds.slots, 'slot'),
      startOf(bounds.start),
      credentialsInWords(bounds, true),
      ...reducedBy(bounds, fleReductions),
    ].join(', '),
  build: (bounds, rules) => reduced(build(bounds, rules), bounds, rules),
  reductions: fleReductions,
  reducedWhollyAt: { slots: 1, rounds: 1, abandons: 0, disconnects: 0, returns: 'none' },
  wholeRun,
  describeServer,
  describeStart: credentialAtStart,
  signs: electionSigns,
  draws,
};
