/** The model `tutorial`: its bounds, its presets, and its departures from the Java code. */
import { type Bounds, leastBounds } from '../model/bounds.js';
import { sizes } from '../model/bounds-in-words.js';
import type { ModelFamily } from '../model/family.js';
import { always } from '../model/uses.js';
import { credentialsInWords, withoutRanks } from '../votes/credentials.js';
import { credentialAtStart, electionSigns } from '../votes/drawing.js';
import { MOST_VERSIONS, MOST_ZXID } from '../votes/zxid.js';
import { describeServer, draws } from './drawing.js';
import { build, type TutorialSchema } from './model.js';

const five: Bounds = { ...leastBounds, servers: 5, rounds: 2, crashes: 1, zxids: 'every', dataVersions: 3 };

export const tutorial: ModelFamily<TutorialSchema> = {
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
  uses: { totalOrderPredicate: always, hasQuorum: always },
  presets: {
    tiny: { ...five, servers: 3 },
    ci: five,
    nightly: { ...five, rounds: 4, crashes: 3 },
  },
  adjust: withoutRanks,
  describe: (bounds) => [...sizes(bounds), 'any start order', credentialsInWords(bounds, false)].join(', '),
  build,
  describeServer,
  describeStart: credentialAtStart,
  signs: electionSigns,
  draws,
};
