/** How much address space the system allows this process: `ulimit -v`. */
import { readFileSync } from 'node:fs';

/** In bytes; Infinity where there is no limit, or a system that does not tell. */
export function addressSpace(): number {
  try {
    const limit = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
