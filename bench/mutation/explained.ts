/** Why each mutant that no test notices may survive. docs/mutation.md shows the same as a table. */
import type { Explained } from './report.js';

export const EXPLAINED: readonly Explained[] = [];
