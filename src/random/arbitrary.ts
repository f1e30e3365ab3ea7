/**
 * Schedules as a fast-check arbitrary. Generating draws a setting and one seed for all choices; shrinking
 * proposes smaller plain data: simpler bounds, a simpler mix, fewer choices, choices of 0.
 */
import * as fc from 'fast-check';
import { type DrawnBounds, expandChoices, type Mix, type RandomSchedule, type Space } from './schedule.js';

/** Weights of an action in a mix: left out, rare, usual, frequent. */
const WEIGHTS = [0, 1, 1, 4, 4, 16, 16, 64];
const HORIZONS = [100, 400, 2_000, 10_000];
const USUAL = 1;
const MOST_SEED = 0x7fff_ffff;
/** Chunks smaller than this are left to the reduction of steps (reduce.ts), which is far cheaper. */
const LEAST_CHUNK = 8;
const PALETTE = 4;

export class ScheduleArbitrary extends fc.Arbitrary<RandomSchedule> {
  readonly #space: Space;
  readonly #palette: readonly DrawnBounds[];
  readonly #actions: readonly string[];
  readonly #length: number;

  /** Each schedule takes its bounds from the palette; `actions` are those that a mix weighs. */
  constructor(space: Space, palette: readonly DrawnBounds[], actions: readonly string[], length: number) {
    super();
    this.#space = space;
    this.#palette = palette;
    this.#actions = actions;
    this.#length = length;
  }

  generate(random: fc.Random): fc.Value<RandomSchedule> {
    const pick = <T>(values: readonly T[]): T => values[random.nextInt(0, values.length - 1)];
    const bounds = pick(this.#palette);
    const mix = Object.fromEntries(this.#actions.map((name) => [name, pick(WEIGHTS)]));
    const setting = { bounds, mix, horizon: pick(HORIZONS) };
    const choices = expandChoices(random.nextInt(1, MOST_SEED), this.#length);
    return new fc.Value({ setting, choices }, undefined);
  }

  canShrinkWithoutContext(value: unknown): value is RandomSchedule {
    return typeof value === 'object' && value !== null && 'setting' in value && 'choices' in value;
  }

  shrink(schedule: RandomSchedule): fc.Stream<fc.Value<RandomSchedule>> {
    return fc.stream(smaller(this.#space, schedule)).map((value) => new fc.Value(value, undefined));
  }
}

/** Schedules one step smaller than a schedule, the boldest first. */
export function* smaller(
  space: Space,
  { setting, choices: given }: RandomSchedule,
): IterableIterator<RandomSchedule> {
  const choices = Uint16Array.from(given);
  for (const bounds of simplerBounds(space, setting.bounds))
    yield { setting: { ...setting, bounds }, choices };
  for (const fewer of fewerChoices(choices)) yield { setting, choices: fewer };
  for (const mix of simplerMixes(setting.mix)) yield { setting: { ...setting, mix }, choices };
  for (const zeroed of zeroedChoices(choices)) yield { setting, choices: zeroed };
}

/** Each bound alone at each of its simpler values, the simplest first. */
function* simplerBounds(space: Space, bounds: DrawnBounds): IterableIterator<DrawnBounds> {
  for (const [name, { values }] of Object.entries(space)) {
    const at = values.indexOf(bounds[name]);
    for (const value of values.slice(0, Math.max(0, at))) yield { ...bounds, [name]: value };
  }
}

/** Each action alone left out or at the usual weight. */
function* simplerMixes(mix: Mix): IterableIterator<Mix> {
  for (const [name, weight] of Object.entries(mix)) {
    if (weight !== 0) yield { ...mix, [name]: 0 };
    if (weight > USUAL) yield { ...mix, [name]: USUAL };
  }
}

/** The schedule without one chunk, for chunks of a half, a quarter and so on. */
function* fewerChoices(choices: Uint16Array): IterableIterator<Uint16Array> {
  for (const [from, to] of chunks(choices.length)) {
    const rest = new Uint16Array(choices.length - (to - from));
    rest.set(choices.subarray(0, from));
    rest.set(choices.subarray(to), from);
    yield rest;
  }
}

/** The schedule with one chunk at 0, the choice of the first enabled step. */
function* zeroedChoices(choices: Uint16Array): IterableIterator<Uint16Array> {
  for (const [from, to] of chunks(choices.length)) {
    if (choices.subarray(from, to).every((choice) => choice === 0)) continue;
    yield choices.slice().fill(0, from, to);
  }
}

function* chunks(length: number): IterableIterator<readonly [from: number, to: number]> {
  for (let size = length; size >= LEAST_CHUNK; size = Math.floor(size / 2)) {
    const half = Math.ceil(size / 2);
    for (let to = length; to > 0; to -= half) yield [Math.max(0, to - half), to];
  }
}

/**
 * The bounds that one exploration draws from. V8 compiles the code of a model well for at most four layouts
 * of its state (0.3 M steps/s after ten layouts), so an exploration mixes four; another
 * seed, other four.
 */
export function drawPalette(space: Space, seed: number): readonly DrawnBounds[] {
  const orders = Object.values(space).map(({ values }) =>
    fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length }),
  );
  const [shuffled] = fc.sample(fc.tuple(...orders), { seed, numRuns: 1 });
  return Array.from({ length: PALETTE }, (_, i) =>
    Object.fromEntries(Object.keys(space).map((name, k) => [name, shuffled[k][i % shuffled[k].length]])),
  );
}
