/** The model `rules`: the order of votes alone. */
import { leastBounds } from '../model/bounds.js';
import type { ModelFamily } from '../model/family.js';
import { always } from '../model/uses.js';
import { credentialsInWords } from '../votes/credentials.js';
import { build, type VoteOrderSchema } from './model.js';
import { voteTables } from './tables.js';

export const voteOrder: ModelFamily<VoteOrderSchema> = {
  name: 'rules',
  summary: 'The order of votes alone: every triple of votes.',
  departures: [],
  takes: { servers: { min: 2, max: 4 }, dataVersions: { min: 1, max: 3 } },
  uses: { totalOrderPredicate: always },
  presets: {
    tiny: { ...leastBounds, dataVersions: 2 },
    ci: { ...leastBounds, dataVersions: 3 },
    nightly: { ...leastBounds, servers: 4, dataVersions: 3 },
  },
  adjust: () => null,
  describe: ({ servers, dataVersions }) =>
    `votes for ${servers} servers, ${credentialsInWords({ zxids: 'every', dataVersions }, true)}, every triple`,
  build,
  tabulate: voteTables,
};
