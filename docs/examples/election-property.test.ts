/** A test of one's own: the election keeps its claims if only votes of this round end finalizeWait. */
import { electionProperty } from 'fle-check/vitest';

electionProperty('votes of other rounds need not end finalizeWait', {
  rules: { endsFinalizeWait: (beatsProposal, isOfThisRound) => beatsProposal && isOfThisRound },
  bounds: { rounds: 2, abandons: 1 },
});
