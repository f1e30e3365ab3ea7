/**
 * table-code.ts is table.wat, and batch-code.ts batch.wat, assembled. After a change to one of the sources,
 * `npx vitest run src/engine/assembly.test.ts -u` writes them anew.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import wabt from 'wabt';

async function assembled(source: string): Promise<string> {
  const { parseWat } = await wabt();
  const text = readFileSync(new URL(source, import.meta.url), 'utf8');
  const module = parseWat(source, text, { threads: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString('base64');
}

test.each(['table', 'batch'])('the code of %s.wat is what it says', async (name) => {
  await expect(`/** Assembled from ${name}.wat; assembly.test.ts writes it. */
export const ${name.toUpperCase()}_CODE =
  '${await assembled(`${name}.wat`)}';
`).toMatchFileSnapshot(`${name}-code.ts`);
});
