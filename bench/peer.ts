/**
 * The speed of exhaustive exploration, on the model that Spin, rumur and TLC explore too. Prints medians;
 * exits with 1 if they miss the target: 600,000 distinct states a second on one core, 48 bytes a state.
 */
import { peerModel } from '../models/peer.js';
import { check } from '../src/index.js';

const ROUNDS = 2;
const CRASHES = 1;
const RUNS = 7;
const LEAST_STATES_A_SECOND = 600_000;
const MOST_BYTES_A_STATE = 48;

interface Run {
  readonly states: number;
  readonly transitions: number;
  readonly bytes: number;
}

function run(): Run {
  const start = performance.now();
  const { distinct, generated, bytes } = check(peerModel(ROUNDS, CRASHES), { claims: [], witnesses: [] });
  const seconds = (performance.now() - start) / 1000;
  return { states: distinct / seconds, transitions: generated / seconds, bytes: bytes / distinct };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

// The first run compiles the hot loop: it is not counted.
run();
const runs = Array.from({ length: RUNS }, run);
const states = median(runs.map((each) => each.states));
const transitions = median(runs.map((each) => each.transitions));
const bytes = median(runs.map((each) => each.bytes));

console.log(`peer model, rounds=${ROUNDS} crashes=${CRASHES}, medians of ${RUNS} runs on one core:`);
console.log(`  ${Math.round(states).toLocaleString('en')} distinct states/s`);
console.log(`  ${Math.round(transitions).toLocaleString('en')} transitions/s`);
console.log(`  ${bytes.toFixed(1)} bytes a state`);
if (states < LEAST_STATES_A_SECOND || bytes > MOST_BYTES_A_STATE) {
  console.error(
    `missed: at least ${LEAST_STATES_A_SECOND} states/s, at most ${MOST_BYTES_A_STATE} bytes a state`,
  );
  process.exitCode = 1;
}
