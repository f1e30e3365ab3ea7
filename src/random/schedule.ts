/**
 * A random run as plain data: the setting drawn for it, and a list of small integers that choose its steps.
 * Nothing else decides the run, so it prints, serialises, shrinks and replays; any subset of the choices is a
 * run too.
 */
import type { Expectations } from '../language/claims.js';
import type { Model } from '../language/model.js';
import type { StructType } from '../language/types.js';
import type { Reading } from '../language/view-types.js';

/** The bounds of one run, by name. */
export type DrawnBounds = { readonly [bound: string]: number | string };

/** How likely each action is among the enabled ones; 0 leaves it out of the run (swarm testing). */
export type Mix = { readonly [action: string]: number };

export interface Setting {
  readonly bounds: DrawnBounds;
  readonly mix: Mix;
  /** After this number of steps the walk starts again from an initial state with the choices that remain. */
  readonly horizon: number;
}

export interface RandomSchedule {
  readonly setting: Setting;
  /** Integers from 0 to 65535; walk.ts says which step each one chooses. */
  readonly choices: ArrayLike<number>;
}

/**
 * The values a bound is drawn from, the simplest first; a failure may be reduced further, down to `least`.
 */
export interface Draw {
  readonly values: readonly (number | string)[];
  readonly least?: number;
}
export type Space = { readonly [bound: string]: Draw };

/** A model at drawn bounds, with what must hold of it. */
export interface Built {
  readonly model: Model;
  readonly expectations: Expectations<Reading<StructType>>;
}

/** What is explored: a family of models, one for each way to draw the bounds. */
export interface Subject {
  readonly space: Space;
  readonly build: (bounds: DrawnBounds) => Built;
}

/** Choices are 16-bit numbers. */
export const CHOICES = 0x1_0000;

/**
 * Expands a seed into choices (xorshift32): drawing 10,000 integers one by one would cost more than the run.
 */
export function expandChoices(seed: number, length: number): Uint16Array {
  const choices = new Uint16Array(length);
  // Xorshift has one fixed point, 0.
  let x = seed | 0 || 0x9e3779b9;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    choices[i] = x >>> 8;
  }
  return choices;
}

/** A schedule as it is written to JSON. */
export const plainSchedule = ({ setting, choices }: RandomSchedule): RandomSchedule => ({
  setting,
  choices: Array.from(choices),
});
