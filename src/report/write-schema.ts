/** A step of the build: writes the JSON Schemas of what `--json` writes into the package. */
import { writeFileSync } from 'node:fs';
import { explorationJsonSchema, matrixJsonSchema, resultJsonSchema } from './schemas.js';

const SCHEMAS = {
  result: resultJsonSchema(),
  exploration: explorationJsonSchema(),
  matrix: matrixJsonSchema(),
};

for (const [name, schema] of Object.entries(SCHEMAS)) {
  const path = new URL(`../../${name}.schema.json`, import.meta.url);
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
}
