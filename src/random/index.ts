/**
 * Random exploration: schedules as plain data, drawn by fast-check, walked, shrunk, and searched for the
 * shortest.
 */
export {
  Exploration,
  type ExplorationOptions,
  exploreSubject,
  type RandomProgress,
  replaySchedule,
} from './exploration.js';
export type { Lengths, RandomOutcome, RandomVerdict, RandomViolation, Switches } from './outcome.js';
export type {
  Built,
  Draw,
  DrawnBounds,
  Mix,
  RandomSchedule,
  Setting,
  Space,
  Subject,
} from './schedule.js';
export { type Walk, Walker } from './walk.js';
