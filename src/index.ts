/**
 * The package: the language that models are written in, two ways to explore a model, traces, and the models
 * of ZooKeeper. What is not exported here may change in any version.
 */
export {
  type Bounds,
  families,
  findFamily,
  findRuleSet,
  type ModelFamily,
  PRESETS,
  type Preset,
  type RuleSet,
  type Rules,
  ruleSets,
} from '../models/index.js';
export { checkElection, type ElectionOptions, type ElectionResult, electionModel } from './election.js';
export { BreadthFirst, type Options, type Progress } from './engine/breadth-first.js';
export { check, type Threads } from './engine/check.js';
export {
  CheckpointRefused,
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
export type { Action, ActionGroup, Domain } from './language/action.js';
export {
  always,
  type Claim,
  ClaimFailed,
  type Expectations,
  everyStep,
  type Scenario,
  type StateClaim,
  type StateWitness,
  type StepClaim,
  type StepWitness,
  scenario,
  someStep,
  sometimes,
  type Witness,
} from './language/claims.js';
export {
  AbsentEntryWritten,
  AlikeValues,
  ArityMismatch,
  ClaimWrites,
  CollectionFull,
  DuplicateName,
  ElementMissing,
  ElementReplaced,
  EmptyDomain,
  EmptyType,
  GuardWrites,
  InvalidDomain,
  InvalidModel,
  InvalidType,
  LateFunction,
  MisplacedPerOther,
  ModelFailed,
  NoActionsNamed,
  NoInitialState,
  NoTruth,
  PrintFailed,
  QueueMisused,
  RangeExceeded,
  ReservedName,
  ResultIgnored,
  RunLost,
  SpecError,
  TooLarge,
  TypeMismatch,
  UnknownArguments,
  UnknownName,
  UnsoundPermutations,
  UnstableModel,
  ValueAbsent,
} from './language/errors.js';
export {
  type Drawn,
  decodeStep,
  defineModel,
  domain,
  encodeStep,
  type Model,
  type ModelDefinition,
  printStep,
  upTo,
} from './language/model.js';
export type { Plain } from './language/to-plain.js';
export {
  bag,
  channel,
  flag,
  list,
  type Member,
  oneOf,
  optional,
  perOther,
  perServer,
  range,
  type StructType,
  sequence,
  set,
  sid,
  sidOrNone,
  sidSet,
  struct,
  type Type,
} from './language/types.js';
export type { Reading, View } from './language/view-types.js';
export type { ExplorationOptions } from './random/exploration.js';
export { explore } from './random/explore.js';
export type { RandomOutcome, RandomVerdict, RandomViolation } from './random/outcome.js';
export { explanationOf } from './trace/explanation.js';
export { type Printable, type PrintOptions, printTrace } from './trace/print.js';
export { parseTrace, readTrace, TraceRefused } from './trace/read.js';
export { type Mismatch, replay } from './trace/replay.js';
export { type Heading, recordTrace, ScheduleRefused, type Trace, type TraceStep } from './trace/trace.js';
