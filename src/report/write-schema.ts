/** A step of the build: writes the JSON Schemas of `--json` into the package. */
import { writeFileSync } from 'node:fs';
import { jsonSchemas } from './schemas.js';

for (const [name, schema] of Object.entries(jsonSchemas())) {
  const path = new URL(`../../${name}.schema.json`, import.meta.url);
  writeFileSync(path, `${JSON.stringify(schema, null, 2)}\n`);
}
