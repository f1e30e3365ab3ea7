import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{src,models,properties,docs,bench}/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'test-results.json' }]] : ['default'],
  },
});
