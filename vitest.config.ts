import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/**
 * Tests import what the build makes of the sources, as users do. Vitest would transform every module anew for
 * each file of tests, and turn what it imports into getters, which V8 does not inline.
 */
const compiled: Plugin = {
  name: 'compiled',
  enforce: 'pre',
  resolveId(name, importer) {
    if (!name.startsWith('.') || importer === undefined) return null;
    const path = fileURLToPath(new URL(name, `file://${importer}`)).slice(ROOT.length);
    const isBuilt = /^(src|models|properties|bench)\/.*\.js$/.test(path) && !path.startsWith('src/testing/');
    return isBuilt ? { id: `${ROOT}dist/${path}`, external: true } : null;
  },
};

const ALL = '{src,models,properties,docs,bench}/**/*.test.ts';

/** Files that take more than two seconds of processor time. `npm run test:quick` leaves them out. */
const LONG: readonly string[] = [
  // They start the command, Java, Spin or a browser.
  'src/cli/[!o]*.test.ts',
  'src/cli/commands/*.test.ts',
  'src/failures/*.test.ts',
  'src/rules-file/patience.test.ts',
  'src/testing/served.test.ts',
  'src/conformance/{conform,leader,zookeeper}.test.ts',
  'properties/independent/spin.test.ts',
  // They search models to the end, or walk through them for long.
  'src/engine/{checkpoint,crew,fingerprint,levels,oracle,reservation,seen-set}.test.ts',
  'src/language/{permutations,views}.test.ts',
  'src/random/{fewest-switches,leader-election,shortest}.test.ts',
  'src/trials/*.test.ts',
  'src/vitest.test.ts',
  'models/model/uses.test.ts',
  'models/recording/*.test.ts',
  'properties/breaks/claims.test.ts',
  'properties/independent/{naive-discovery,naive-election,naive-synchronization,oracle}.test.ts',
  'properties/pinned/{exact,exhaustive,mutants}.test.ts',
  'properties/refinement/*.test.ts',
  'properties/rule-arguments.test.ts',
  'bench/{hand-written,peers}/*.test.ts',
  'docs/examples/{election-property,my-claims,my-rules}.test.ts',
];

const shared = {
  server: { deps: { external: [/\/dist\//] } },
  testTimeout: 120_000,
  hookTimeout: 120_000,
};

export default defineConfig({
  test: {
    globalSetup: 'src/testing/build.ts',
    // Vitest leaves a core free, of two as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
    projects: [
      // A process for each file would take longer to start than most of these take.
      {
        plugins: [compiled],
        test: { ...shared, name: 'quick', include: [ALL], exclude: [...LONG], isolate: false },
      },
      { plugins: [compiled], test: { ...shared, name: 'long', include: [...LONG] } },
    ],
  },
});
