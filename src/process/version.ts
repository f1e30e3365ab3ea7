/** The version of the package, from its own package.json. */
import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('fle-check/package.json') as { version: string };

export const VERSION: string = version;
