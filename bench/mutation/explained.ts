/** Why each mutant that no test notices may survive. docs/mutation.md shows the same as a table. */
import type { Explained } from './report.js';

const ELECTION = 'properties/claims/fast-leader-election.ts';
const SYNCHRONIZATION = 'properties/claims/zab-synchronization.ts';

const NO_LATER_BIT = 'a history has no bit after its last transaction, so the turn more finds none';

export const EXPLAINED: readonly Explained[] = [
  {
    file: ELECTION,
    where: 'proposalDominatesSelf',
    code: 'proposal !== i',
    becomes: 'true',
    because: 'no server ranks above itself: the comparison saves a call',
  },
  {
    file: ELECTION,
    where: 'lowersProposal',
    code: 'a.proposal === b.proposal',
    becomes: 'false',
    because: 'no server ranks above itself: the comparison saves a call',
  },
  {
    file: ELECTION,
    where: 'decisionHasVoteQuorum',
    code: '-1',
    becomes: '+1',
    times: 2,
    because:
      'leader and round are both none at first: while one is -1, no server is taken for one that was counted',
  },
  {
    file: ELECTION,
    where: 'decisionHasVoteQuorum',
    code: 'proposal === leader && logicalclock === round',
    becomes: 'false',
    because:
      'servers that decided alike are counted for once, to save time; counted again the votes are the same',
  },
  {
    file: 'properties/claims/majority.ts',
    where: 'outranks',
    code: 'mine.currentEpoch > theirs.currentEpoch',
    becomes: 'mine.currentEpoch >= theirs.currentEpoch',
    because: 'it is asked of epochs that differ',
  },
  {
    file: 'properties/claims/majority.ts',
    where: 'outranks',
    code: 'mine.zxid > theirs.zxid',
    becomes: 'mine.zxid >= theirs.zxid',
    because: 'it is asked of zxids that differ',
  },
  {
    file: 'properties/claims/tutorial.ts',
    where: 'told',
    code: 'taken < 3',
    becomes: 'taken <= 3',
    because: 'of the vote alone: after three steps the last server started is the leader, s3',
  },
  {
    file: 'properties/claims/tutorial.ts',
    where: 'zxidBeatsSid',
    code: 'i > vote',
    becomes: 'i >= vote',
    because: 'no zxid is less than itself',
  },
  {
    file: 'properties/claims/zab-discovery.ts',
    where: 'oneAckPerEpoch',
    code: 'newly === 0',
    becomes: 'false',
    because:
      'what is acknowledged by nobody anew is acknowledged by nobody twice: the comparison saves a look',
  },
  {
    file: 'properties/claims/zab-discovery.ts',
    where: 'twoEstablishedAtOnce',
    code: 'j < i',
    becomes: 'j <= i',
    because: 'the epoch of a server does not differ from itself',
  },
  {
    file: SYNCHRONIZATION,
    where: 'isPrefix',
    code: 't < txn.length',
    becomes: 't <= txn.length',
    because: NO_LATER_BIT,
  },
  {
    file: SYNCHRONIZATION,
    where: 'isPrefix',
    code: 'u < txn.length',
    becomes: 'u <= txn.length',
    because: NO_LATER_BIT,
  },
  {
    file: SYNCHRONIZATION,
    where: 'isPrefix',
    code: 't > u',
    becomes: 't >= u',
    because: 't is not in the history in which u is',
  },
  {
    file: SYNCHRONIZATION,
    where: 'committedPrefixAgrees',
    code: 'j < i',
    becomes: 'j <= i',
    because: 'a history is a beginning of itself',
  },
  {
    file: SYNCHRONIZATION,
    where: 'diverge',
    code: 'a !== b',
    becomes: 'true',
    because: 'a history is a beginning of itself: the comparison saves two calls',
  },
  {
    file: SYNCHRONIZATION,
    where: 'committedIsDurable',
    code: 't < txn.length',
    becomes: 't <= txn.length',
    because: NO_LATER_BIT,
  },
  {
    file: SYNCHRONIZATION,
    where: 'cannotStartAgain',
    code: 't < txn.length',
    becomes: 't <= txn.length',
    because: NO_LATER_BIT,
  },
];
