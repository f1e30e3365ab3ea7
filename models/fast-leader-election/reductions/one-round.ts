/**
 * One round of `fast-leader-election`, as its reductions see it: which votes are recorded, which are on their
 * way, and which servers can still be elected. A vote is stored as the place of its leader in the order of
 * votes, 0 for the lowest, so votes compare as numbers.
 */
import type { View } from '../../../src/language/index.js';
import type { Bounds } from '../../model/bounds.js';
import { FOLLOWING, LEADING, LOOKING, OFF } from '../../model/server-state.js';
import type { Rules } from '../../rules.js';
import { voteOrderOf } from '../../votes/credentials.js';
import { myidOf } from '../../votes/zxid.js';
import type { FleSchema } from '../model.js';

type State = View<FleSchema>;

/** No vote. */
export const NONE = -1;
/** Added to the vote of a server that has decided. */
export const DECIDED = 16;
/** The role of a server that has crashed and does not return. */
export const GONE = 4;

const bits = (mask: number): number => {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
};

export class OneRound {
  readonly servers: number;
  /** By server: ServerState, or GONE. */
  readonly role: Int8Array;
  /** By server: its vote. A server that has not started will propose itself. */
  readonly vote: Int8Array;
  /** By server: 1 in finalizeWait. */
  readonly waits: Uint8Array;
  /** `[i·servers + j]`: what server i has recorded of j. */
  readonly recorded: Int8Array;
  /** `[i·servers + j]`: what is on its way from server i to j. */
  readonly sent: Int8Array;
  /** By server: a bit for each vote it has ever cast. */
  readonly cast: Int32Array;
  /** Whether a server may still crash: then what it said must be in a slot to outlive it. */
  mayCrash = false;
  /** By vote: whether any server has decided for it, or may yet. A superset. */
  readonly isPossible: Uint8Array;
  /** By vote: a bit for each server that may join that leader with a higher vote of its own. A superset. */
  readonly joiners: Int32Array;
  /** `[i·servers + vote]`: a bit for each server that i may ever count for the vote. A superset. */
  readonly #support: Int32Array;
  readonly #before: { readonly [K in 'role' | 'vote' | 'waits' | 'recorded' | 'sent' | 'cast']: Int32Array };
  /** The leader of a vote, and the vote for a leader. */
  readonly #leaderOf: Int8Array;
  readonly #voteFor: Int8Array;
  readonly #hasQuorum: Uint8Array;
  readonly #isBetter: ReturnType<typeof voteOrderOf>;
  readonly #ordersAnew: boolean;
  readonly #losesServers: boolean;
  #isOrdered = false;
  #isBySid = false;

  constructor(bounds: Bounds, rules: Rules) {
    const { servers, crashes, zxids } = bounds;
    this.servers = servers;
    this.role = new Int8Array(servers);
    this.vote = new Int8Array(servers);
    this.waits = new Uint8Array(servers);
    this.recorded = new Int8Array(servers * servers).fill(NONE);
    this.sent = new Int8Array(servers * servers).fill(NONE);
    this.isPossible = new Uint8Array(servers);
    this.joiners = new Int32Array(servers);
    this.#support = new Int32Array(servers * servers);
    this.cast = new Int32Array(servers);
    const pairs = servers * servers;
    this.#before = {
      role: new Int32Array(servers),
      vote: new Int32Array(servers),
      waits: new Int32Array(servers),
      cast: new Int32Array(servers),
      recorded: new Int32Array(pairs).fill(NONE),
      sent: new Int32Array(pairs).fill(NONE),
    };
    this.#leaderOf = new Int8Array(servers);
    this.#voteFor = new Int8Array(servers);
    this.#hasQuorum = Uint8Array.from({ length: 1 << servers }, (_, mask) =>
      // Any server will do: if quorums differ between servers, the reductions are refused.
      Number(rules.hasQuorum(bits(mask), servers, myidOf(0))),
    );
    this.#isBetter = voteOrderOf(bounds, rules);
    this.#ordersAnew = zxids === 'every';
    this.#losesServers = crashes > 0;
  }

  isUndecided(i: number): boolean {
    return this.role[i] <= LOOKING;
  }

  isDecided(i: number): boolean {
    return this.role[i] === FOLLOWING || this.role[i] === LEADING;
  }

  /** Whether a server sends its vote again as often as it likes. */
  sendsAgain(i: number): boolean {
    return this.role[i] === LOOKING && this.waits[i] === 0;
  }

  isQuorum(votes: number): boolean {
    return this.#hasQuorum[(1 << votes) - 1] === 1;
  }

  /** The votes that server `i` has recorded for its own proposal, its own among them. */
  votesAtHand(i: number): number {
    const { servers, recorded } = this;
    const vote = this.vote[i];
    let votes = 1;
    for (let k = i * servers; k < (i + 1) * servers; k++)
      if (recorded[k] === vote || recorded[k] === vote + DECIDED) votes++;
    return votes;
  }

  /** The votes that server `i` has for a leader, or would have if it asked all who have decided. */
  votesToAskFor(i: number, vote: number): number {
    const { servers, recorded } = this;
    let votes = this.vote[i] === vote ? 1 : 0;
    for (let j = 0; j < servers; j++) {
      const known = recorded[i * servers + j];
      if (j === i) continue;
      if (known === vote || known === vote + DECIDED || (this.vote[j] === vote && this.isDecided(j))) votes++;
    }
    return votes;
  }

  /** A server's own vote: for itself. */
  ownVote(i: number): number {
    return this.#voteFor[i];
  }

  /** Whether server `j` has decided, and will answer at any time for which leader. */
  answers(j: number): boolean {
    return !this.mayCrash && this.isDecided(j);
  }

  /** Reads a state, and keeps a copy for `store` to compare with. */
  load(s: State): void {
    const { servers, role, vote, waits, cast, recorded, sent } = this;
    const before = this.#before;
    if (!this.#isOrdered || this.#ordersAnew) this.#order(s);
    this.mayCrash = s.crashesLeft > 0;
    for (let i = 0; i < servers; i++) {
      const { state, proposal, finalizing, recvset } = s.server[i];
      const isGone = state === OFF && this.#losesServers && s.server[i].crashed;
      before.role[i] = role[i] = isGone ? GONE : state;
      before.vote[i] = vote[i] = this.#voteFor[state === OFF ? i : proposal];
      before.waits[i] = waits[i] = finalizing ? 1 : 0;
      before.cast[i] = cast[i] = this.#votesFor(s.cast[i][0].votes);
      const channels = s.channel[i];
      for (let j = 0, k = i * servers; j < servers; j++, k++) {
        if (j === i) continue;
        const entry = recvset[j];
        before.recorded[k] = recorded[k] =
          entry.state === OFF ? NONE : this.#encoded(entry.leader, entry.state);
        const channel = channels[j];
        before.sent[k] = sent[k] =
          channel.length === 0 ? NONE : this.#encoded(channel.head.leader, channel.head.state);
      }
    }
  }

  /** A set of leaders as a set of votes, and back. */
  #votesFor(leaders: number): number {
    if (this.#isBySid) return leaders;
    let votes = 0;
    for (let i = 0; i < this.servers; i++) if ((leaders >>> i) & 1) votes |= 1 << this.#voteFor[i];
    return votes;
  }
  #leadersOf(votes: number): number {
    if (this.#isBySid) return votes;
    let leaders = 0;
    for (let vote = 0; vote < this.servers; vote++)
      if ((votes >>> vote) & 1) leaders |= 1 << this.#leaderOf[vote];
    return leaders;
  }

  #encoded(leader: number, state: number): number {
    return this.#voteFor[leader] + (state === LOOKING ? 0 : DECIDED);
  }

  /** Writes the parts of the state that have changed since `load`. */
  store(s: State): void {
    const { servers, recorded, sent } = this;
    const before = this.#before;
    for (let i = 0; i < servers; i++) {
      if (
        this.vote[i] !== before.vote[i] ||
        this.role[i] !== before.role[i] ||
        this.waits[i] !== before.waits[i]
      ) {
        const self = s.server[i];
        self.state = this.role[i] as typeof self.state;
        self.proposal = this.#leaderOf[this.vote[i]];
        self.finalizing = this.waits[i] === 1;
      }
      if (this.cast[i] !== before.cast[i]) s.cast[i][0].votes = this.#leadersOf(this.cast[i]);
      for (let j = 0, k = i * servers; j < servers; j++, k++) {
        if (recorded[k] !== before.recorded[k]) this.#record(s, i, j, recorded[k]);
        if (sent[k] === before.sent[k]) continue;
        const channel = s.channel[i][j];
        if (sent[k] === NONE) channel.clear();
        else this.#write(channel.push(), sent[k], i);
      }
    }
  }

  #record(s: State, i: number, j: number, vote: number): void {
    const { recvset, outofelection } = s.server[i];
    outofelection[j].clear();
    if (vote === NONE) recvset[j].clear();
    else this.#write(recvset[j], vote, j);
    if (vote < DECIDED) return;
    outofelection[j].leader = recvset[j].leader;
    outofelection[j].state = recvset[j].state;
  }

  /** Writes a vote of a server. A server that has decided for itself leads. */
  #write(entry: { leader: number; electionEpoch: number; state: number }, vote: number, of: number): void {
    entry.leader = this.#leaderOf[vote % DECIDED];
    entry.electionEpoch = 1;
    entry.state = vote < DECIDED ? LOOKING : entry.leader === of ? LEADING : FOLLOWING;
  }

  /** Places the servers in the order of votes. */
  #order(s: State): void {
    const { servers } = this;
    for (let i = 0; i < servers; i++) {
      let lower = 0;
      for (let j = 0; j < servers; j++) if (this.#isBetter(s.server, i, j)) lower++;
      this.#voteFor[i] = lower;
      this.#leaderOf[lower] = i;
    }
    this.#isOrdered = true;
    this.#isBySid = this.#leaderOf.every((leader, vote) => leader === vote);
  }

  /** Computes `isPossible`, `joiners`, and the supports that `mayHaveQuorum` reads. */
  analyse(): void {
    const { servers, recorded, sent, role, vote } = this;
    const support = this.#support;
    support.fill(0);
    // Bits by vote. `cast`: held by an undecided server or on its way to one. `told`: in an answer to one.
    let cast = 0;
    let told = 0;
    for (let i = 0; i < servers; i++) {
      if (role[i] > LOOKING) continue;
      cast |= 1 << vote[i];
      for (let j = 0; j < servers; j++) {
        const known = recorded[i * servers + j];
        const coming = sent[j * servers + i];
        if (known !== NONE) support[i * servers + (known % DECIDED)] |= 1 << j;
        if (coming === NONE) continue;
        support[i * servers + (coming % DECIDED)] |= 1 << j;
        if (coming < DECIDED) cast |= 1 << coming;
        else told |= 1 << (coming - DECIDED);
      }
    }
    for (let x = 0; x < servers; x++) this.#analyse(x, ((cast >>> x) & 1) === 1, ((told >>> x) & 1) === 1);
  }

  /** If no vote for x is cast or in flight, no server can start voting for x. */
  #analyse(x: number, isCast: boolean, isTold: boolean): void {
    const { servers, role, vote, waits } = this;
    const support = this.#support;
    let common = 0;
    let isPossible = isTold;
    for (let j = 0; j < servers; j++) {
      if (role[j] <= LOOKING) {
        if (isCast && vote[j] <= x) common |= 1 << j;
      } else if (vote[j] === x && role[j] !== GONE) {
        common |= 1 << j;
        isPossible = true;
      }
    }
    for (let i = 0; i < servers; i++) support[i * servers + x] |= common;
    const leader = this.#leaderOf[x];
    // A waiting server has counted its quorum already, even if those votes have been forgotten.
    for (let i = 0; i < servers; i++) if (waits[i] === 1 && vote[i] === x) isPossible = true;
    const mayLead =
      role[leader] === LEADING ||
      (waits[leader] === 1 && vote[leader] === x) ||
      (role[leader] <= LOOKING && this.mayHaveQuorum(leader, x, 0)) ||
      (role[leader] === GONE && isTold);
    const joiners = mayLead ? this.#joinersOf(x, common) : 0;
    this.joiners[x] = joiners;
    isPossible ||= joiners !== 0;
    for (let i = 0; i < servers && !isPossible; i++)
      isPossible = role[i] <= LOOKING && vote[i] <= x && this.mayHaveQuorum(i, x);
    this.isPossible[x] = isPossible ? 1 : 0;
  }

  /** The servers that may join a leader: a least fixpoint, since each that joins may let others join. */
  #joinersOf(vote: number, voters: number): number {
    const { servers } = this;
    let joiners = 0;
    for (let before = -1; before !== joiners; ) {
      before = joiners;
      for (let i = 0; i < servers; i++) {
        if (!this.isUndecided(i) || (((voters | joiners) >>> i) & 1) === 1) continue;
        if (this.mayHaveQuorum(i, vote, joiners)) joiners |= 1 << i;
      }
    }
    return joiners;
  }

  /** Whether server `i` may ever count a quorum for a vote. */
  mayHaveQuorum(i: number, vote: number, joiners = this.joiners[vote]): boolean {
    return this.#hasQuorum[this.#support[i * this.servers + vote] | joiners] === 1;
  }

  mayJoin(i: number, vote: number): boolean {
    return ((this.joiners[vote] >>> i) & 1) === 1;
  }

  /** Whether any server has decided above a vote, or may yet. */
  isPossibleAbove(vote: number): boolean {
    for (let higher = vote + 1; higher < this.servers; higher++) if (this.isPossible[higher]) return true;
    return false;
  }

  /**
   * The servers that have started, and for whom no vote is cast, recorded, on its way, or remembered: a bit
   * each.
   */
  anonymous(candidatesToo = false): number {
    const { servers, role, vote, recorded, sent, cast } = this;
    let known = 0;
    for (let i = 0; i < servers; i++) {
      if (candidatesToo && role[i] === LOOKING) continue;
      known |= (1 << vote[i]) | cast[i];
      for (let j = 0; j < servers; j++) {
        const k = i * servers + j;
        if (recorded[k] !== NONE) known |= 1 << (recorded[k] % DECIDED);
        // Vote 0 stands for a vote without effect.
        if (sent[k] > 0) known |= 1 << (sent[k] % DECIDED);
      }
    }
    let anonymous = 0;
    for (let i = 0; i < servers; i++)
      if (role[i] >= LOOKING && role[i] <= LEADING && ((known >>> this.#voteFor[i]) & 1) === 0)
        anonymous |= 1 << i;
    return anonymous;
  }

  /** Whether server `order[place]` may take each place: it must never have voted below its new place. */
  mayChange(order: Int8Array): boolean {
    for (let place = 0; place < this.servers; place++) {
      const i = order[place];
      if (i === place) continue;
      const own = this.#voteFor[place];
      if (this.vote[i] <= own || (this.cast[i] & ((1 << own) - 1)) !== 0) return false;
    }
    return true;
  }

  /** Negative if the state is less in the first order of its servers than in the second. */
  compare(a: Int8Array, b: Int8Array): number {
    const { servers, role, vote, waits, cast, recorded, sent } = this;
    let difference = 0;
    for (let k = 0; k < servers && difference === 0; k++) {
      const [i, j] = [a[k], b[k]];
      if (i !== j)
        difference = role[i] - role[j] || vote[i] - vote[j] || waits[i] - waits[j] || cast[i] - cast[j];
    }
    for (let k = 0; k < servers && difference === 0; k++) {
      for (let l = 0; l < servers && difference === 0; l++) {
        const [i, j] = [a[k] * servers + a[l], b[k] * servers + b[l]];
        if (i !== j) difference = recorded[i] - recorded[j] || sent[i] - sent[j];
      }
    }
    return difference;
  }

  /** Puts the servers into another order. */
  change(order: Int8Array): void {
    const { servers } = this;
    for (const list of [this.role, this.vote, this.waits, this.cast]) {
      const old = list.slice();
      for (let k = 0; k < servers; k++) list[k] = old[order[k]];
    }
    for (const matrix of [this.recorded, this.sent]) {
      const old = matrix.slice();
      for (let k = 0; k < servers; k++)
        for (let l = 0; l < servers; l++) matrix[k * servers + l] = old[order[k] * servers + order[l]];
    }
  }
}
