/**
 * Fingerprints: 64 bits of a packed state. batch.wat computes them. The first lane, the lower half, is never
 * 0: a slot of the seen-set that begins with 0 is empty.
 */

/** The expected number of collisions among so many distinct states: distinct² / 2⁶⁵. */
export const expectedCollisions = (distinct: number): number => distinct ** 2 / 2 ** 65;
