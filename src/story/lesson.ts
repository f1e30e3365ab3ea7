/** A lesson of the tutorial: a model, runs of it with captions, and tasks for the reader. */
import { type Bounds, findFamily, findRuleSet } from '../../models/index.js';
import { type Case, caseOf } from '../../properties/index.js';
import type { Schedule } from '../engine/outcome.js';
import { encodeStep, SpecError } from '../language/index.js';
import type { Story } from './story.js';

export interface Lesson {
  /** In the address. */
  readonly name: string;
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  readonly model: string;
  /** The bounds that differ from those of `tiny`. */
  readonly bounds: Partial<Bounds>;
  /** The rule set; without it, the correct rules. */
  readonly rules?: string;
  /** The first is shown at first. */
  readonly runs: readonly LessonRun[];
  readonly tasks: readonly Task[];
}

export interface LessonRun {
  readonly title: string;
  /** `StartServer s1`, `ElectLeader s1 {s1 s2}`. */
  readonly steps: readonly string[];
  /** The caption of a step; it stands until the next caption. */
  readonly captions: { readonly [step: number]: string };
}

export interface Task {
  readonly says: string;
  readonly isDone: (story: Story) => boolean;
  /** Steps that do the task, for a reader who asks to see them. */
  readonly way: readonly string[];
}

/** A step that the model of a lesson does not have. */
export class NoSuchStep extends SpecError {}

/** The model of a lesson, under its rules. */
export function caseOfLesson({ model, bounds, rules = 'correct' }: Lesson): Case {
  const [family, ruleSet] = [findFamily(model), findRuleSet(rules)];
  if (family === undefined) throw new NoSuchStep(`there is no model ${model}`);
  if (ruleSet === undefined) throw new NoSuchStep(`there is no rule set ${rules}`);
  return caseOf(family, { ...family.presets.tiny, ...bounds }, ruleSet);
}

/** The words of a step: a set is one. */
const wordsOf = (step: string): readonly string[] => step.match(/\{[^}]*\}|\S+/g) ?? [];

/** The schedule of printed steps from the one initial state of a lesson. Throws `NoSuchStep`. */
export const scheduleOfSteps = ({ model }: Case, steps: readonly string[]): Schedule => ({
  initial: 0,
  steps: steps.map((step) => {
    const [action = '', ...args] = wordsOf(step);
    const code = encodeStep(model.actions, action, args);
    if (code === null) throw new NoSuchStep(`${model.name} has no step ${step}`);
    return code;
  }),
});

/** The caption that stands at a step; null before the first. */
export const captionAt = ({ captions }: LessonRun, step: number): string | null => {
  const at = Object.keys(captions)
    .map(Number)
    .filter((each) => each <= step);
  return at.length === 0 ? null : captions[Math.max(...at)];
};
