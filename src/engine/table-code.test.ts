/**
 * table-code.ts is table.wat, assembled. After a change to table.wat,
 * `npx vitest run src/engine/table-code.test.ts -u` writes it anew.
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import wabt from 'wabt';

const SOURCE = 'table.wat';
const THREADS = { threads: true };

async function assembled(): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat(SOURCE, readFileSync(new URL(SOURCE, import.meta.url), 'utf8'), THREADS);
  const { buffer } = module.toBinary({});
  module.destroy();
  return buffer;
}

test('the code of tables is what table.wat says', async () => {
  const code = Buffer.from(await assembled()).toString('base64');
  await expect(`/** Assembled from ${SOURCE}; table-code.test.ts writes it. */
export const TABLE_CODE =
  '${code}';
`).toMatchFileSnapshot('table-code.ts');
});
