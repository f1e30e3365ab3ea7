/** Why each mutant that no test notices may survive. docs/mutation.md shows the same as a table. */
import type { Explained } from './report.js';

const ELECTION = 'properties/claims/fast-leader-election.ts';
const SYNCHRONIZATION = 'properties/claims/zab-synchronization.ts';

const NO_LATER_BIT =
  'a history has no bit after its last transaction, so one more turn of the loop finds nothing';

export const EXPLAINED: readonly Explained[] = [
  {
    file: ELECTION,
    where: 'proposalDominatesSelf',
    code: 'proposal !== i',
    becomes: 'true',
    because: 'no server ranks above itself; the comparison only saves a call',
  },
  {
    file: ELECTION,
    where: 'lowersProposal',
    code: 'a.proposal === b.proposal',
    becomes: 'false',
    because: 'no server ranks above itself; the comparison only saves a call',
  },
  {
    file: ELECTION,
    where: 'decisionHasVoteQuorum',
    code: '-1',
    becomes: '+1',
    times: 2,
    because:
      'leader and round both begin as -1 (none): while either is -1, no server is mistaken for one already counted',
  },
  {
    file: ELECTION,
    where: 'decisionHasVoteQuorum',
    code: 'proposal === leader && logicalclock === round',
    becomes: 'false',
    because:
      'servers that decided alike are counted once, to save time; counting them again gives the same votes',
  },
  {
    file: 'properties/claims/majority.ts',
    where: 'outranks',
    code: 'mine.currentEpoch > theirs.currentEpoch',
    becomes: 'mine.currentEpoch >= theirs.currentEpoch',
    because: 'the epochs compared here always differ',
  },
  {
    file: 'properties/claims/majority.ts',
    where: 'outranks',
    code: 'mine.zxid > theirs.zxid',
    becomes: 'mine.zxid >= theirs.zxid',
    because: 'the zxids compared here always differ',
  },
  {
    file: 'properties/claims/tutorial.ts',
    where: 'told',
    code: 'taken < 3',
    becomes: 'taken <= 3',
    because: 'only the vote matters: after three steps the last server started is the leader, s3',
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
    because: 'if no server acknowledges anew, none acknowledges twice; the comparison only saves a look',
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
    because: 't is in b but not in a, and u is in a, so t never equals u',
  },
  {
    file: SYNCHRONIZATION,
    where: 'committedPrefixAgrees',
    code: 'j < i',
    becomes: 'j <= i',
    because: 'a history is a prefix of itself',
  },
  {
    file: SYNCHRONIZATION,
    where: 'diverge',
    code: 'a !== b',
    becomes: 'true',
    because: 'a history is a prefix of itself; the comparison only saves two calls',
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
