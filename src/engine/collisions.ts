/**
 * What 64 bits may hide: two states with one fingerprint are taken for one. Fingerprints are computed by
 * batch.wat.
 */

/** The expected number of collisions among so many distinct states: distinct² / 2⁶⁵. */
export const expectedCollisions = (distinct: number): number => distinct ** 2 / 2 ** 65;
