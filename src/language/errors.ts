/**
 * Errors of the modelling language. Each message says what happened, the usual cause, and what to try:
 * the author of a model reads it, not the author of the language.
 */

/** The base of every error that a model or its description can raise. */
export class SpecError extends Error {
  #run: readonly string[] | null = null;

  override get name(): string {
    return this.constructor.name;
  }

  /**
   * The shortest run to the state in which it happened, as steps are printed, the initial one first; null if
   * none is known.
   */
  get run(): readonly string[] | null {
    return this.#run;
  }

  /** The same error, which says by which run its state was reached, or one that differs from it by names. */
  reachedBy(run: readonly string[], butForNames: boolean): this {
    const { message, stack } = this;
    this.#run = run;
    this.message = `${message}\n  after${butForNames ? ', but for names,' : ''} ${run.join(', ')}`;
    if (stack !== undefined) this.stack = stack.replace(message, () => this.message);
    return this;
  }
}

/** A value was assigned that its declared range, members or type cannot hold. It is never wrapped. */
export class RangeExceeded extends SpecError {
  readonly path: string;
  readonly value: unknown;
  /** The values that it holds, in words. */
  readonly allowed: string;

  constructor(path: string, value: unknown, allowed: string) {
    super(
      `${path} was set to ${typeof value === 'string' ? JSON.stringify(value) : String(value)}, but it holds ${allowed}. ` +
        'Usually a guard lets a step go beyond the bounds: add the bound to `when`, or widen the range in the schema.',
    );
    this.path = path;
    this.value = value;
    this.allowed = allowed;
  }
}

/** Two actions, claims, witnesses or models share one name. */
export class DuplicateName extends SpecError {
  constructor(kind: string, name: string, owner: string) {
    super(
      `${owner} has two ${kind} called \`${name}\`. Results are reported by name: rename or remove one of them.`,
    );
  }
}

/** A field or member name that the language uses itself, or that is not an identifier. */
export class ReservedName extends SpecError {
  constructor(name: string, where: string, taken = 'copyFrom, clear, equals, constructor') {
    super(
      `\`${name}\` cannot be a name in ${where}: use a letter followed by letters and digits, ` +
        `and none of ${taken}.`,
    );
  }
}

/** A type that can hold no value: an empty range, a list of no members, an array or channel of no slots. */
export class EmptyType extends SpecError {
  constructor(what: string) {
    super(`${what} can hold no value. Usually a bound is 0 or two ends are swapped: check what was passed.`);
  }
}

/** Something that is no type of the language, or not one that may stand there. */
export class InvalidType extends SpecError {
  constructor(where: string, given: unknown, needed: string) {
    const kind = (given as { readonly kind?: unknown } | null | undefined)?.kind;
    super(
      `${where} is ${kind === undefined ? String(given) : `a type \`${String(kind)}\``}, and not ${needed}. ` +
        'Usually a constant is used before it is set, or a type is not called: look at what was passed.',
    );
  }
}

/** A type or a state too large for the packed representation. */
export class TooLarge extends SpecError {
  constructor(what: string, limit: string) {
    super(`${what} is too large: the limit is ${limit}. Lower the bounds, or split it.`);
  }
}

/** An action (or the initial states) ranges over nothing, so it could never be taken. */
export class EmptyDomain extends SpecError {
  constructor(action: string, domain: string) {
    super(
      `${action} ranges over \`${domain}\`, which is empty: it could never be taken. ` +
        'Usually a bound is 0: leave the action out for these bounds, or fix the bound.',
    );
  }
}

/** A domain whose ends are no integers: its values could not be counted. */
export class InvalidDomain extends SpecError {
  constructor(what: string) {
    super(`${what}. Usually a bound was divided, or is not given: round it, or check what was passed.`);
  }
}

/** A trace that names a value of a domain would not be read as it was written. */
export class AlikeValues extends SpecError {
  constructor(action: string, what: string) {
    super(
      `${action}: ${what}. ` +
        'Traces name a value by what it prints and could not be replayed: print each otherwise.',
    );
  }
}

/** The `print` of a domain or of a range threw, or returned no text. */
export class PrintFailed extends SpecError {
  constructor(whose: string, value: unknown, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`${whose} fails for ${String(value)}: ${why}. Return a text for each value of the range.`, {
      cause,
    });
  }
}

/** A function that returns before it has done its work: an async function or a generator. */
export class LateFunction extends SpecError {
  constructor(part: string, owner: string, kind: string) {
    super(
      `\`${part}\` of ${owner} is ${kind} function: nobody waits for what it does later. ` +
        'Write it without `async`, `await` and `*`.',
    );
  }
}

/** A guard, a claim or a witness returned neither true nor false, but a promise, for instance. */
export class NoTruth extends SpecError {
  constructor(what: string, value: unknown) {
    const kind = value instanceof Promise ? 'a promise' : value === null ? 'null' : `a ${typeof value}`;
    super(`${what} returned ${kind}, which is neither true nor false. Return a boolean, and await nothing.`);
  }
}

/** The value, if it is true or false. Throws NoTruth. `what`: whose it is, as in `the claim safe`. */
export function truthOf(what: string, value: unknown): boolean {
  if (value === true || value === false) return value;
  throw new NoTruth(what, value);
}

/** A step assigns to an element of a list of structs or queues, which changes no state. */
export class ElementReplaced extends SpecError {
  constructor(path: string) {
    super(
      `${path} was assigned another object, which changes no state. Assign to its fields, as in ` +
        '`s.rm.at(i).x = 1`, or copy a value of the same type with `copyFrom`.',
    );
  }
}

/** `then` returned something: what it returns changes no state. */
export class ResultIgnored extends SpecError {
  constructor(result: unknown) {
    super(
      `\`then\` returns ${typeof result === 'object' ? 'an object' : String(result)}, which nothing looks at. ` +
        'Assign to the fields of the state it is given, as in `s.x = 1`, and return nothing.',
    );
  }
}

/** A claim or a witness on steps names no action: it would be asked of none, and a claim would hold. */
export class NoActionsNamed extends SpecError {
  constructor(part: string) {
    super(
      `${part} names no action in \`on\`, so it would be asked of no step. ` +
        'Name actions, or leave `on` out to ask it of every step.',
    );
  }
}

/** A step of a scenario has arguments that its action does not take. */
export class UnknownArguments extends SpecError {
  constructor(step: string, printed: string, action: string, takes: string) {
    super(`${step} is ${printed}, but ${action} takes ${takes}. Write each argument as traces print it.`);
  }
}

/** The guard of the initial states admits none of them. */
export class NoInitialState extends SpecError {
  constructor(model: string) {
    super(
      `${model} has no initial state: the guard of \`initial\` admits none. Mend \`when\`, or leave it out.`,
    );
  }
}

/** `when` or `then` takes more arguments than `over` has domains. */
export class ArityMismatch extends SpecError {
  constructor(action: string, part: string, takes: number, domains: number) {
    super(
      `${action}: \`${part}\` takes ${takes} argument(s) after the state, but \`over\` has ${domains} domain(s). ` +
        'Add a domain to `over`, or drop the argument.',
    );
  }
}

/** A guard, a claim, a witness or the terminal predicate changed the state it was only to read. */
export class GuardWrites extends SpecError {
  constructor(what: string) {
    super(
      `${what} writes to the state, but it may only read it. ` +
        'Move the assignment into `then` of an action; compute with local variables instead.',
    );
  }
}

/** A claim or a witness changed the state: `part` is its name. */
export class ClaimWrites extends GuardWrites {
  readonly part: string;

  constructor(kind: string, part: string) {
    super(`${kind} ${part}`);
    this.part = part;
  }
}

/**
 * A step wrote to what does not exist: a server's own entry of a `perOther` array, a message of an empty
 * channel, or what it had removed before.
 */
export class AbsentEntryWritten extends SpecError {
  constructor(what: string) {
    super(
      `${what} writes an entry that does not exist: the one about the server itself in a \`perOther\` array, or ` +
        'the head of an empty channel, or what it removed and kept a view of. Skip the own index ' +
        '(`if (j !== me)`) or declare the array with `perServer`; make a message with `push`; keep no view.',
    );
  }
}

/**
 * `copyFrom` or `equals` was given a value of another type, or with entries about the others of another
 * server.
 */
export class TypeMismatch extends SpecError {
  constructor(path: string) {
    super(
      `${path || 'the state'} was copied from, or compared with, a value of another type, or one of another server ` +
        'whose `perOther` entries are about other servers. Declare the struct once and use it in both places, ' +
        'or assign field by field.',
    );
  }
}

/** A `perOther` array that is not inside a `perServer` of the same servers. */
export class MisplacedPerOther extends SpecError {
  constructor(path: string) {
    super(
      `${path} is a \`perOther\` array outside a \`perServer\` of as many servers, so it has no own entry to ` +
        'leave out. Put it inside one, or declare it with `perServer`.',
    );
  }
}

/** A strict queue was full when a message was pushed, or empty when one was popped. */
export class QueueMisused extends SpecError {
  constructor(path: string, slots: number | null) {
    super(
      slots === null
        ? `a message was popped of ${path}, which is empty. Ask in \`when\` for its \`length\`.`
        : `a message was pushed to ${path}, which has all of its ${slots} slots taken. ` +
            'Ask in `when` whether `length` is less, or give it more slots.',
    );
  }
}

/** A sequence or a bag was full when something was added to it. */
export class CollectionFull extends SpecError {
  constructor(path: string, slots: number, method: 'push' | 'put') {
    super(
      `\`${method}\` to ${path}, which has all of its ${slots} places taken. Usually a guard forgets the bound: ` +
        `ask in \`when\` whether \`length\` is below ${slots}, or give it more places in the schema.`,
    );
  }
}

/** A sequence or a bag was asked for an element that it does not have. */
export class ElementMissing extends SpecError {
  constructor(path: string, index: number, length: number) {
    super(
      `${path} has no element ${index}: ${length === 0 ? 'it is empty' : `its elements are 0 to ${length - 1}`}. ` +
        'Usually a guard forgets to look: ask in `when` whether the index is below `length`.',
    );
  }
}

/** The value of an `optional` was read though there is none. */
export class ValueAbsent extends SpecError {
  constructor(path: string) {
    super(
      `the value of ${path} was read, but it is absent. Usually a guard forgets to look: ` +
        'ask for `present` first, or set a value with `set` or `put`.',
    );
  }
}

/** A claim, witness or action name is asked for that the model does not have. */
export class UnknownName extends SpecError {
  constructor(kind: string, name: string, known: readonly string[]) {
    super(`there is no ${kind} called \`${name}\`; there are: ${known.join(', ') || 'none'}.`);
  }
}

/** Two parts of a model description contradict each other. */
export class InvalidModel extends SpecError {}

/**
 * The model itself failed while a step was computed: it threw, or left a range.
 * Holds where: the action with its arguments, and how deep.
 */
export class ModelFailed extends SpecError {
  readonly model: string;
  readonly step: string;
  readonly state: unknown;

  constructor(model: string, step: string, state: unknown, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`model ${model}, in ${step}: ${why}\n  in the state ${JSON.stringify(state)}`, { cause });
    this.model = model;
    this.step = step;
    this.state = state;
  }
}

/** A model, or what is asked of it, does otherwise in the same state when it is asked again. */
export class UnstableModel extends SpecError {
  /** `what` happened, in a sentence without its stop; `where`: in which state, or by which steps. */
  constructor(what: string, where: string) {
    super(
      `${what}. A model and its claims must depend on the state and the arguments alone: look for ` +
        `random numbers, the time, or a variable outside that is written.\n  ${where}`,
    );
  }

  /** The error that another thread has told of, by its message. */
  static as({ message }: Error): UnstableModel {
    return Object.assign(new UnstableModel('', ''), { message });
  }
}

/** What the sampling check of `permutations` found in one state. */
export interface Asymmetry {
  readonly model: string;
  /** Where each id goes: `permutation[i]` is the new name of i. */
  readonly permutation: readonly number[];
  /** What is not the same before and after renaming, in one sentence. */
  readonly differs: string;
  readonly state: unknown;
  readonly renamed: unknown;
}

/** A model declares `permutations`, but renaming its ids changes what it does or what its claims say. */
export class UnsoundPermutations extends SpecError {
  readonly permutation: readonly number[];
  readonly state: unknown;

  constructor({ model, permutation, differs, state, renamed }: Asymmetry) {
    super(
      `${model} declares \`permutations\`, but its ids cannot be renamed ${printPermutation(permutation)}: ` +
        `${differs}.\n  the state:   ${JSON.stringify(state)}\n  the renamed: ${JSON.stringify(renamed)}\n` +
        WHY_UNSOUND,
    );
    this.permutation = permutation;
    this.state = state;
  }
}

/** A run over representatives has no counterpart in the model: its `permutations` are unsound. */
export class RunLost extends SpecError {
  constructor(model: string, step: string, position: number) {
    super(
      `${model} declares \`permutations\`, but no run of it is like the one found: it has no step like step ` +
        `${position}, ${step}. ${WHY_UNSOUND}`,
    );
  }
}

const WHY_UNSOUND =
  'Usually ids are compared with < or >, a step or a claim names one id (such as 0), or a field that holds an ' +
  'id is a plain `range`: use `sid`, `sidOrNone`, `sidSet`, `perServer` for what depends on ids and `range`, ' +
  '`list` for what does not, or remove `permutations`.';

/** `s1→s2 s2→s1`: the ids that get another name. */
const printPermutation = (permutation: readonly number[]): string =>
  permutation.flatMap((to, from) => (to === from ? [] : [`s${from + 1}→s${to + 1}`])).join(' ');
