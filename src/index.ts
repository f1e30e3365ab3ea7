/**
 * The package: the language models are written in, exhaustive exploration by one thread or many, checkpoints,
 * an oracle for small models, and traces.
 */
export { BreadthFirst, check, type Options, type Progress } from './engine/breadth-first.js';
export {
  CheckpointRefused,
  definitionOf,
  type Identity,
  loadCheckpoint,
  NothingToSave,
  saveCheckpoint,
} from './engine/checkpoint.js';
export { Crew, CrewEnded, type CrewOptions, WorkerLost, WorkerNotStarted } from './engine/crew.js';
export { inlineMore } from './engine/inlining.js';
export { InvalidOption, type Limits } from './engine/limits.js';
export type { BuiltModel, ModelSource } from './engine/model-source.js';
export { type Edge, type Graph, oracle } from './engine/oracle.js';
export {
  DEADLOCK,
  type Outcome,
  type Schedule,
  type Unmet,
  type Verdict,
  type Violation,
} from './engine/outcome.js';
export * from './language/index.js';
export { explanationOf } from './trace/explanation.js';
export { parseTrace, readTrace, TraceRefused } from './trace/read.js';
export { type Mismatch, replay } from './trace/replay.js';
export { recordTrace, ScheduleRefused, type Trace, type TraceStep } from './trace/trace.js';
