/**
 * The hot loop: for a packed state, every successor with its fingerprint, written into a batch. One function
 * is generated for each action, so that its guard and its effect are inlined into loops of their own.
 */
import { concerning, type Expectations } from '../spec/claims.js';
import { loopOver, type Machine } from '../spec/machine.js';
import type { NamedAction } from '../spec/model.js';
import type { Reading, StructType } from '../spec/types.js';
import { fingerprintSource } from './fingerprint.js';

/**
 * States are expanded until this many successors wait; then all are looked up at once, so that misses
 * overlap.
 */
export const BATCH = 256;

/** Successors that wait to be looked up, in the order in which they were computed. */
export interface Batch {
  readonly states: Int32Array;
  readonly fingerprints: Int32Array;
  readonly codes: Uint16Array;
  readonly parents: Uint32Array;
}

/** In place of the code of a step: the finding is about a state. */
export const NO_STEP = -1;

/** What the hot loop reports besides successors; indices are into the claims and witnesses given. */
export interface Findings {
  violated(claim: number, code: number): void;
  found(witness: number, code: number): void;
  absentEntryWritten(code: number): void;
  /** A claim or a witness on this step wrote to the state after it. */
  stateWritten(code: number): void;
}

export interface Expander {
  readonly batch: Batch;
  /** 1 for each witness still sought. */
  readonly sought: Uint8Array;
  /** Checks the claims and witnesses on states in the state before. */
  inspect(): void;
  /**
   * Adds all successors of the state before to the batch from position `n`; returns the next free position.
   */
  expand(n: number, counts: Float64Array): number;
}

type ExpandOne = (n: number) => number;

export function createExpander<S extends StructType>(
  machine: Machine<S>,
  expectations: Expectations<Reading<S>>,
  findings: Findings,
): Expander {
  const capacity = BATCH + machine.model.instances;
  const batch: Batch = {
    states: new Int32Array(capacity * machine.words),
    fingerprints: new Int32Array(capacity * 2),
    codes: new Uint16Array(capacity),
    parents: new Uint32Array(capacity),
  };
  const sought = Uint8Array.from(expectations.witnesses, () => 1);
  const functions = machine.model.actions.map((action) =>
    generateExpandOne(machine, action, expectations, findings, batch, sought),
  );
  return {
    batch,
    sought,
    inspect: generateInspect(machine, expectations, findings, sought),
    expand: (n, counts) => {
      for (let k = 0; k < functions.length; k++) {
        const before = n;
        n = functions[k](n);
        counts[k] += n - before;
      }
      return n;
    },
  };
}

function generateInspect<S extends StructType>(
  { pre }: Machine<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
  findings: Findings,
  sought: Uint8Array,
): () => void {
  const checks = claims.map((claim, i) =>
    claim.kind === 'state' ? `if (!claims[${i}].holds(pre)) findings.violated(${i}, ${NO_STEP});` : '',
  );
  const looks = witnesses.map((witness, i) =>
    witness.kind === 'state'
      ? `if (sought[${i}] === 1 && witnesses[${i}].shows(pre)) findings.found(${i}, ${NO_STEP});`
      : '',
  );
  const source = `'use strict'; return function inspect() {\n${[...checks, ...looks].join('\n')}\n};`;
  const names = ['pre', 'claims', 'witnesses', 'findings', 'sought'];
  return new Function(...names, source)(pre, claims, witnesses, findings, sought) as () => void;
}

function generateExpandOne<S extends StructType>(
  machine: Machine<S>,
  action: NamedAction<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
  findings: Findings,
  batch: Batch,
  sought: Uint8Array,
): ExpandOne {
  const W = machine.words;
  const each = (line: (i: number) => string) => Array.from({ length: W }, (_, i) => line(i)).join(' ');
  const stepClaims = concerning(claims, action.name);
  const stepWitnesses = concerning(witnesses, action.name);
  const absent = Array.from({ length: machine.memory.length - 2 * W }, (_, i) => `M[${2 * W + i}] !== 0`);
  const isRead = stepClaims.length + stepWitnesses.length > 0;
  const written = isRead ? Array.from({ length: W }, (_, i) => `M[${W + i}] !== w${i}`) : ['false'];
  const body = (args: string) => `
    if (${action.when === undefined ? 'true' : `when(pre${args})`}) {
      ${each((i) => `M[${W + i}] = M[${i}];`)}
      then(post${args});
      ${absent.length > 0 ? `if (${absent.join(' || ')}) findings.absentEntryWritten(code);` : ''}
      ${each((i) => `const w${i} = M[${W + i}];`)}
      ${stepClaims
        .map((i) => `if (!claims[${i}].holds(pre, post${args})) findings.violated(${i}, code);`)
        .join('\n')}
      ${stepWitnesses
        .map(
          (i) =>
            `if (sought[${i}] === 1 && witnesses[${i}].shows(pre, post${args})) findings.found(${i}, code);`,
        )
        .join('\n')}
      if (${written.join(' || ')}) findings.stateWritten(code);
      ${fingerprintSource(W, (i) => `w${i}`)}
      ${each((i) => `states[n * ${W} + ${i}] = w${i};`)}
      fingerprints[2 * n] = h0; fingerprints[2 * n + 1] = h1; codes[n] = code; n++;
    }`;
  const source = `'use strict'; return function expand_${action.name}(n) {\n${loopOver(action, body)}\nreturn n; };`;
  const scope = {
    M: machine.memory,
    pre: machine.pre,
    post: machine.post,
    then: action.then,
    when: action.when,
    claims,
    witnesses,
    findings,
    sought,
    states: batch.states,
    fingerprints: batch.fingerprints,
    codes: batch.codes,
  };
  return new Function(...Object.keys(scope), source)(...Object.values(scope)) as ExpandOne;
}
