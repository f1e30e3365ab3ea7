/**
 * The tests that a mutant must survive: what rules and claims say of arguments and states, by hand and at
 * random, and the breaks that each claim must find. The searches of whole models would be too slow for each.
 */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The first failure ends the run of a mutant, so the fastest stand first. */
const FILES: readonly string[] = [
  'models/rules.test.ts',
  'properties/independent/by-hand.test.ts',
  'properties/breaks/exclusions.test.ts',
  'properties/independent/naive-claims.test.ts',
  'properties/breaks/claims.test.ts',
];

class FastestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => FILES.findIndex((file) => moduleId.endsWith(file));
    return files.toSorted((a, b) => place(a) - place(b));
  }
}

export default defineConfig({
  test: {
    include: [...FILES],
    sequence: { sequencer: FastestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
