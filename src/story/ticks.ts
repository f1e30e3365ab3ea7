/** Round numbers along the axis of a plot. */

const STEPS = [1, 2, 5, 10];

/**
 * Ticks from 0 on, at least two and at most `most`. The last is at least `max`. Their distance is 1, 2 or 5
 * times a power of ten, and whole if `whole`.
 */
export function ticksUpTo(max: number, most: number, whole: boolean): readonly number[] {
  const least = whole ? 1 : Number.MIN_VALUE;
  const rough = Math.max(max, least) / (most - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    whole ? 1 : 0,
    power * (STEPS.find((times) => times * power >= rough * 0.999999) ?? 10),
  );
  const count = Math.max(1, Math.ceil((max / step) * 0.999999));
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}
