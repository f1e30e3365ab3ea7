/**
 * What must hold of a model, and what must be reachable in it. A claim that nothing could break proves
 * nothing, so each claim names the witness that shows it is not vacuous.
 */
import { SpecError } from './errors.js';

interface Named {
  readonly name: string;
  /** The claim in one sentence, for a person who reads a counterexample. */
  readonly says: string;
  /** Where it comes from, if it has a source: a method and branch, a TLA+ name, or ZOOKEEPER-NNNN. */
  readonly source?: string | undefined;
}
interface Claimed extends Named {
  /** The witness that shows the claim is not vacuous. */
  readonly witness: string;
}
interface Witnessed extends Named {
  /** Why these bounds exclude it; null when it must be found. */
  readonly excludedBecause?: string | null;
}

/**
 * Holds in every reachable state. `explain` is asked of a state in which it does not: which servers break it,
 * by which values, in a sentence. It is asked once, for a report, so it may allocate.
 */
export interface StateClaim<S> extends Claimed {
  readonly kind: 'state';
  readonly holds: (state: S) => boolean;
  readonly explain: (state: S) => string;
}
/**
 * Holds of every step, or of every step by one of the actions named in `on`; then it sees their arguments.
 * `explain` is asked of a step of which it does not hold, and is given the same.
 */
export interface StepClaim<S> extends Claimed {
  readonly kind: 'step';
  readonly on: readonly string[] | null;
  readonly holds: (pre: S, post: S, ...args: number[]) => boolean;
  readonly explain: (pre: S, post: S, ...args: number[]) => string;
}
/**
 * A fixed list of steps that must be possible; `holds` must be true after each, told how many were taken.
 * `explain` is asked of a state in which it is not.
 */
export interface Scenario<S> extends Claimed {
  readonly kind: 'scenario';
  readonly initial: readonly string[];
  readonly steps: readonly (readonly [action: string, ...args: string[]])[];
  readonly holds: (state: S, taken: number) => boolean;
  readonly explain: (state: S, taken: number) => string;
}
export type Claim<S> = StateClaim<S> | StepClaim<S> | Scenario<S>;

/** A state that must be reachable. */
export interface StateWitness<S> extends Witnessed {
  readonly kind: 'state';
  readonly shows: (state: S) => boolean;
}
/** A step that must be possible, by any action or by one named in `on`. */
export interface StepWitness<S> extends Witnessed {
  readonly kind: 'step';
  readonly on: readonly string[] | null;
  readonly shows: (pre: S, post: S, ...args: number[]) => boolean;
}
export type Witness<S> = StateWitness<S> | StepWitness<S>;

type Body<T> = Omit<T, 'kind' | 'on'>;
type StepBody<T> = Body<T> & { readonly on?: readonly string[] };

/** A claim on every reachable state. */
export const always = <S>(body: Body<StateClaim<S>>): StateClaim<S> => ({ kind: 'state', ...body });

/** A claim on every step. */
export const everyStep = <S>(body: StepBody<StepClaim<S>>): StepClaim<S> => ({
  on: null,
  ...body,
  kind: 'step',
});

/** A claim on one fixed sequence of steps. */
export const scenario = <S>(body: Body<Scenario<S>>): Scenario<S> => ({ kind: 'scenario', ...body });

/** A state that must be found. */
export const sometimes = <S>(body: Body<StateWitness<S>>): StateWitness<S> => ({ kind: 'state', ...body });

/** A step that must be found. */
export const someStep = <S>(body: StepBody<StepWitness<S>>): StepWitness<S> => ({
  on: null,
  ...body,
  kind: 'step',
});

/** The claims and witnesses that belong to one model. */
export interface Expectations<S> {
  readonly claims: readonly Claim<S>[];
  readonly witnesses: readonly Witness<S>[];
  /**
   * True under rules that the model was not written for: then what bounds exclude may be reached all the
   * same, since the reasons argue from ZooKeeper's rules.
   */
  readonly rulesAreForeign?: boolean;
  /** True where somebody chose the claims: then a witness that none of them names may be out of reach. */
  readonly claimsAreChosen?: boolean;
  /**
   * The names of claims that a user wrote. They must be asked, and their witnesses found, whatever bounds
   * exclude: that an action or a witness is excluded was declared with other claims in mind.
   */
  readonly ownClaims?: readonly string[];
}

/** The part of a step claim or witness that decides which actions it looks at. */
export const concerns = (part: { readonly on: readonly string[] | null }, action: string): boolean =>
  part.on === null || part.on.includes(action);

/** The indices of the step claims or step witnesses that look at an action. */
export const concerning = <S>(parts: readonly (Claim<S> | Witness<S>)[], action: string): number[] =>
  parts.flatMap((part, i) => (part.kind === 'step' && concerns(part, action) ? [i] : []));

/**
 * That a claim of a user on steps was asked of none, since none of its actions is among those taken; null if
 * each was asked.
 */
export function neverAsked<S>(
  { actions }: { readonly actions: readonly { readonly name: string }[] },
  { claims, ownClaims = [] }: Expectations<S>,
  taken: readonly string[],
): { readonly claim: string; readonly says: string } | null {
  for (const claim of claims) {
    if (claim.kind !== 'step' || !ownClaims.includes(claim.name)) continue;
    const names = actions.map(({ name }) => name).filter((name) => concerns(claim, name));
    if (names.some((name) => taken.includes(name))) continue;
    const never =
      names.length === 1 ? `${names[0]} is never taken` : `none of ${names.join(', ')} is ever taken`;
    return { claim: claim.name, says: `claim ${claim.name} was never asked: ${never}` };
  }
  return null;
}

/** A witness that the bounds exclude, with the reason. */
export const exclusion = <S>(witness: Witness<S>): string | null => witness.excludedBecause ?? null;

/** A claim, or the search for a witness, failed to be evaluated. */
export class ClaimFailed extends SpecError {
  constructor(kind: string, name: string, state: unknown, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${kind} ${name} threw: ${why}\n  in the state ${JSON.stringify(state)}`, { cause });
  }
}
