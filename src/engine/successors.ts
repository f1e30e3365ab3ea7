/**
 * The hot loop: for a packed state, every successor, written into a batch. One function
 * is generated for each action, so that its guard and its effect are inlined into loops of their own. Of a
 * model that declares permutations, representatives are written.
 */

import type { NamedAction } from '../language/action.js';
import { concerning, type Expectations } from '../language/claims.js';
import { loopOver, type Machine } from '../language/machine.js';
import { canonicalizer } from '../language/permutations.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';

/** Where successors go: state `n` at `n·W` words, the code of the step at `n`. */
export interface Target {
  readonly states: Int32Array;
  readonly codes: Uint16Array;
}

/** In place of the code of a step: the finding is about a state. */
export const NO_STEP = -1;

/** What the hot loop reports besides successors; indices are into the claims and witnesses given. */
export interface Findings {
  violated(claim: number, code: number): void;
  found(witness: number, code: number): void;
  deadlocked(): void;
  absentEntryWritten(code: number): void;
  /** `then` has returned something; the step is found by asking again. */
  resultReturned(): void;
  /** A claim or a witness on this step wrote to the state after it. */
  stateWritten(code: number): void;
  /** A guard, a claim or the terminal predicate wrote to the state before. */
  guardWrote(): void;
}

export interface Expander {
  /** 1 for each witness still sought. */
  readonly sought: Uint8Array;
  /**
   * Takes the state at `at` words into `memory`, checks it, and writes all its successors from position `n`
   * on, for which there must be room; returns the next free position. Adds to `counts`, an action each, and
   * writes the index of the action it is at to `position[1]`.
   */
  visit(memory: Int32Array, at: number, n: number, counts: Float64Array, position: Float64Array): number;
}

export function createExpander<S extends StructType>(
  machine: Machine<S>,
  expectations: Expectations<Reading<S>>,
  { states, codes }: Target,
  findings: Findings,
): Expander {
  const { actions, terminal } = machine.model;
  const { claims, witnesses } = expectations;
  const sought = Uint8Array.from(witnesses, () => 1);
  const source = `'use strict';
${claims.map((_, i) => `const claim${i} = claims[${i}];`).join(' ')}
${witnesses.map((_, i) => `const witness${i} = witnesses[${i}];`).join(' ')}
${actions.map((action, k) => expandOne(machine, action, k, expectations)).join('\n')}
${visit(machine, expectations)}
return { sought, visit };`;
  const { memory: M, pre, post, settle } = machine;
  const canonicalize = canonicalizer(machine.model);
  const scope = {
    states,
    codes,
    M,
    pre,
    post,
    terminal,
    settle,
    canonicalize,
    claims,
    witnesses,
    findings,
    sought,
  };
  const parts = actions.flatMap(({ when, then }, k) => [
    [`when${k}`, when],
    [`then${k}`, then],
  ]);
  const names = [...Object.keys(scope), ...parts.map(([name]) => name as string)];
  const values = [...Object.values(scope), ...parts.map(([, part]) => part)];
  return new Function(...names, source)(...values) as Expander;
}

const times = (count: number, line: (i: number) => string, join = ' ') =>
  Array.from({ length: count }, (_, i) => line(i)).join(join);

/** The whole of one state: load it, check it, expand it by each action, see that none wrote to it. */
function visit<S extends StructType>(
  { words, model }: Machine<S>,
  { claims, witnesses }: Expectations<Reading<S>>,
): string {
  const checks = claims.map((claim, i) =>
    claim.kind === 'state' ? `if (claim${i}.holds(pre) !== true) findings.violated(${i}, ${NO_STEP});` : '',
  );
  const looks = witnesses.map((witness, i) =>
    witness.kind === 'state'
      ? `if (sought[${i}] === 1 && witness${i}.shows(pre) === true) findings.found(${i}, ${NO_STEP});`
      : '',
  );
  const expand = model.actions.map(
    (_, k) => `position[1] = ${k}; before = n; n = expand${k}(n); counts[${k}] += n - before;`,
  );
  const stuck = model.terminal === null ? 'n === first' : 'n === first && terminal(pre) !== true';
  return `function visit(memory, at, n, counts, position) {
  ${times(words, (i) => `M[${i}] = memory[at + ${i}];`)}
  const first = n; let before = 0;
  ${[...checks, ...looks, ...expand].filter((line) => line !== '').join('\n  ')}
  if (${stuck}) findings.deadlocked();
  if (${times(words, (i) => `M[${i}] !== memory[at + ${i}]`, ' || ')}) findings.guardWrote();
  return n;
}`;
}

function expandOne<S extends StructType>(
  machine: Machine<S>,
  action: NamedAction<S>,
  k: number,
  { claims, witnesses }: Expectations<Reading<S>>,
): string {
  const W = machine.words;
  const stepClaims = concerning(claims, action.name);
  const stepWitnesses = concerning(witnesses, action.name);
  const absent = machine.memory.length - 2 * W;
  const isRead = stepClaims.length + stepWitnesses.length > 0;
  const reduced = machine.model.permutations !== null || machine.model.representative !== null;
  const word = (i: number) => `${reduced ? 'c' : 'w'}${i}`;
  const body = (args: string) => `
    if (${action.when === undefined ? 'true' : `when${k}(pre${args})`}) {
      ${times(W, (i) => `M[${W + i}] = M[${i}];`)}
      if (then${k}(post${args}) !== undefined) findings.resultReturned();
      ${machine.settle === null ? '' : `settle(M, ${W});`}
      ${absent > 0 ? `if ((${times(absent, (i) => `M[${2 * W + i}]`, ' | ')}) !== 0) findings.absentEntryWritten(code);` : ''}
      ${times(W, (i) => `const w${i} = M[${W + i}];`)}
      ${stepClaims.map((i) => `if (claim${i}.holds(pre, post${args}) !== true) findings.violated(${i}, code);`).join('\n')}
      ${stepWitnesses
        .map(
          (i) =>
            `if (sought[${i}] === 1 && witness${i}.shows(pre, post${args}) === true) findings.found(${i}, code);`,
        )
        .join('\n')}
      ${isRead ? `if (${times(W, (i) => `M[${W + i}] !== w${i}`, ' || ')}) findings.stateWritten(code);` : ''}
      ${reduced ? `canonicalize(M, ${W}); ${times(W, (i) => `const c${i} = M[${W + i}];`)}` : ''}
      ${times(W, (i) => `states[n * ${W} + ${i}] = ${word(i)};`)}
      codes[n] = code; n++;
    }`;
  return `function expand${k}(n) {\n${loopOver(action, body)}\nreturn n; }`;
}
