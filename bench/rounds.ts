/**
 * Comparisons on a machine that is never quite quiet: in each round all programs run one after the other, a
 * ratio is taken within its round, and of all rounds the median is told with the least and the most.
 */

/** What one run of a program counted, and what it cost. */
export interface Sample {
  /** Distinct states, transitions: the same for all programs of a comparison. */
  readonly distinct: number;
  readonly generated: number;
  /** In user and system mode, all threads together. */
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  /** Bytes of the search's data at its end, as its outcome tells; null if the program does not tell. */
  readonly bytes: number | null;
  /** The most memory resident at once; null where the system does not tell. */
  readonly peakBytes: number | null;
}

/** A program to be compared; why it cannot run, if a tool that it needs is missing. */
export interface Program {
  readonly name: string;
  readonly missing: string | null;
  /** Made ready, before the first round. Throws what says why it cannot run. */
  prepare(): void;
  run(): Promise<Sample>;
  /** Removes what `prepare` has made. */
  remove(): void;
}

/** The samples of each program, one for a round, or why there are none. */
export interface Samples {
  readonly [program: string]: readonly Sample[] | Missing;
}

export interface Missing {
  readonly why: string;
  /** It could be started and failed: the table is then worth nothing, and the exit code says so. */
  readonly failed: boolean;
}

/** The median of some values, with the least and the most. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export const isMissing = (samples: readonly Sample[] | Missing): samples is Missing => 'why' in samples;

/** The mean of the middle two if there is no middle one. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  return { median, least: sorted[0], most: sorted[sorted.length - 1] };
}

/** The figure of each round, from the samples that these programs gave in it. */
export function perRound(
  samples: Samples,
  programs: readonly string[],
  figure: (...samples: readonly Sample[]) => number,
): readonly number[] {
  const columns = programs.map((name) => samples[name]) as readonly (readonly Sample[])[];
  return columns[0].map((_, round) => figure(...columns.map((column) => column[round])));
}

/**
 * Runs all programs in each of so many rounds; each round begins with another one. A program that fails, or
 * counts other states than the first one did, is left out from then on.
 */
export async function inRounds(
  count: number,
  programs: readonly Program[],
  note: (what: string) => void,
): Promise<Samples> {
  const samples = new Map<string, Sample[]>();
  const missing = new Map<string, Missing>();
  try {
    for (const { name, missing: why, prepare } of programs) {
      note(`${name}: made ready`);
      if (why !== null) missing.set(name, { why, failed: false });
      else await attempt(missing, name, prepare);
      samples.set(name, []);
    }
    for (let round = 0; round < count; round++) {
      for (const i of programs.keys()) {
        const { name, run } = programs[(round + i) % programs.length];
        if (missing.has(name)) continue;
        note(`round ${round + 1} of ${count}, ${name}`);
        await attempt(missing, name, async () => {
          const sample = await run();
          refuseOtherCounts(sample, [...samples.values()].flat()[0] ?? sample);
          samples.get(name)?.push(sample);
        });
      }
    }
  } finally {
    for (const { remove } of programs) remove();
  }
  return { ...Object.fromEntries(samples), ...Object.fromEntries(missing) };
}

async function attempt(missing: Map<string, Missing>, name: string, act: () => unknown): Promise<void> {
  try {
    await act();
  } catch (error) {
    const why = `${name} failed: ${error instanceof Error ? error.message : error}`;
    missing.set(name, { why, failed: true });
  }
}

/** A program that counts otherwise does not do the same work. */
function refuseOtherCounts({ distinct, generated }: Sample, expected: Sample): void {
  if (distinct === expected.distinct && generated === expected.generated) return;
  throw new Error(
    `it counts ${distinct} states and ${generated} transitions, not ` +
      `${expected.distinct} and ${expected.generated}`,
  );
}
