/** How much a test tries: by day a part, in the nightly form all. */
export const isNightly = process.env.FLE_CHECK_NIGHTLY === '1';

/** So many runs of a property in the nightly form, and a quarter of them by day. */
export const runs = (nightly: number): number => (isNightly ? nightly : Math.ceil(nightly / 4));
