/** The programs that are compared: searches of ours, each in a fresh process, and other model checkers. */
import { child } from './child.js';
import type { Bounds } from './peer-source.js';
import { buildRumur, buildSpin, type Installed, SPIN_COUNTS_MORE, type Verifier } from './peers/peers.js';
import type { Program, Sample } from './rounds.js';

export const PROGRAM_NAMES = ['claims', 'bare', 'hand-written', 'two-workers', 'spin', 'rumur'] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

const THREADS = 2;

/** How to come by what is missing. */
const PACKAGES = { spin: 'spin', rumur: 'rumur', gcc: 'gcc libc6-dev' };

/** A program on the peer model at these bounds. */
export function programOf(name: ProgramName, bounds: Bounds, installed: Installed): Program {
  const { rounds, crashes } = bounds;
  switch (name) {
    case 'spin':
      return verifier(name, installed, SPIN_COUNTS_MORE, () => buildSpin(rounds, crashes));
    case 'rumur':
      return verifier(name, installed, NOTHING_MORE, () => buildRumur(rounds, crashes, THREADS));
    case 'two-workers':
      return subject(name, 'claims', bounds, THREADS);
    default:
      return subject(name, name, bounds, 1);
  }
}

const subject = (name: string, what: string, { rounds, crashes }: Bounds, workers: number): Program => ({
  name,
  missing: null,
  prepare() {},
  run: () => child<Sample>('subject', what, rounds, crashes, workers),
  remove() {},
});

const NOTHING_MORE = { states: 0, transitions: 0 };

function verifier(
  name: 'spin' | 'rumur',
  installed: Installed,
  more: typeof SPIN_COUNTS_MORE,
  build: () => Verifier,
): Program {
  let built: Verifier | null = null;
  return {
    name,
    missing: missing(name, installed) ?? missing('gcc', installed),
    prepare() {
      built = build();
    },
    async run() {
      if (built === null) throw new Error('it has not been built');
      const measured = await built.run();
      return {
        distinct: measured.states - more.states,
        generated: measured.transitions - more.transitions,
        cpuSeconds: measured.userSeconds + measured.systemSeconds,
        wallSeconds: measured.wallSeconds,
        bytes: null,
        peakBytes: measured.peakKilobytes === null ? null : measured.peakKilobytes * 1024,
      };
    },
    remove: () => built?.remove(),
  };
}

const missing = (tool: keyof Installed, installed: Installed): string | null =>
  installed[tool] === null ? `${tool} is not installed: apt-get install ${PACKAGES[tool]}` : null;
