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

export default defineConfig({
  plugins: [compiled],
  test: {
    include: ['{src,models,properties,docs,bench}/**/*.test.ts'],
    globalSetup: 'src/testing/build.ts',
    server: { deps: { external: [/\/dist\//] } },
    // Vitest leaves a core free, of two as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
  },
});
