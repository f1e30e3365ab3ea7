/** A test of one's own: a claim of one's own holds of the election. */
import { readFileSync } from 'node:fs';
import { electionProperty } from 'fle-check/vitest';
import { expect, test } from 'vitest';
import claims from './my-claims.js';

electionProperty('an election without a crash ends for a server that is up', {
  claims: claims['fast-leader-election'],
});

test('docs/claims.md shows it', () => {
  const here = readFileSync(new URL('my-claims.test.ts', import.meta.url), 'utf8');
  const shown = readFileSync(new URL('../claims.md', import.meta.url), 'utf8');
  const property = here.slice(here.indexOf('electionProperty('), here.indexOf('test('));
  expect(shown).toContain(property.trim());
});
