/**
 * The peer model a second time, written by hand for speed: a state is four words, a step is shifts and masks
 * on local variables. It measures what the views and the generated code of the engine cost; nothing else
 * uses it.
 *
 * A record has six bits: round (0 is *no record*), vote, state, two bits each. Server `i` reads its two
 * peers in the order a = i + 1, b = i + 2 (mod 3), so that one function serves all three servers.
 *
 *   own[i]      30 bits   self, rv[a], rv[b], oe[a], oe[b]
 *   inbound[i]  12 bits   the message from a, the message from b
 *   crashes      2 bits   left in the budget
 *
 * Words 0 to 2 are own[i] and two bits each of the message 0 → 2; word 3 is the rest: 128 bits in all.
 */

/** Words of a packed state. */
export const WORDS = 4;

/** Rounds and crashes have two bits each. */
const MOST = 3;

/** More steps than any state has: six deliveries, and at most three others of each server. */
export const MOST_STEPS = 15;

const LOOK = 0;
const FOLL = 1;
const LEAD = 2;
const DOWN = 3;
const REC = 63;
/** The bits in which two records that match agree: round and vote. */
const CLK_VOTE = 15;

/** The rank of each id as a vote, 0 > 2 > 1, two bits each. */
const RANKS = 3 | (1 << 2) | (2 << 4);
const rank = (id: number): number => (RANKS >> (2 * id)) & 3;

const clkOf = (rec: number): number => rec & 3;
const voteOf = (rec: number): number => (rec >> 2) & 3;
const stOf = (rec: number): number => (rec >> 4) & 3;
const record = (clk: number, vote: number, st: number): number => clk | (vote << 2) | (st << 4);

/** Successors that wait to be looked up; `next` is the first free position. */
export interface Successors {
  readonly words: Int32Array;
  /** Two lanes each, neither ever 0. */
  readonly fingerprints: Int32Array;
  next: number;
}

export const successors = (capacity: number): Successors => ({
  words: new Int32Array(capacity * WORDS),
  fingerprints: new Int32Array(2 * capacity),
  next: 0,
});

export class BoundsTooLarge extends RangeError {
  constructor(maxRound: number, crashes: number) {
    super(
      `rounds=${maxRound} crashes=${crashes}: the packed state has two bits for each. ` +
        `Ask for 1 to ${MOST} rounds and 0 to ${MOST} crashes.`,
    );
  }
}

/** The steps of the peer model on packed states: `expand` adds all successors of one state to `out`. */
export class HandWrittenPeer {
  readonly #maxRound: number;
  readonly #crashes: number;
  readonly #out: Successors;
  // The state that is expanded, unpacked.
  #own0 = 0;
  #own1 = 0;
  #own2 = 0;
  #inbound0 = 0;
  #inbound1 = 0;
  #inbound2 = 0;
  #left = 0;

  constructor(maxRound: number, crashes: number, out: Successors) {
    if (!(maxRound >= 1 && maxRound <= MOST && crashes >= 0 && crashes <= MOST)) {
      throw new BoundsTooLarge(maxRound, crashes);
    }
    this.#maxRound = maxRound;
    this.#crashes = crashes;
    this.#out = out;
  }

  /** Adds the one initial state to `out`. */
  start(): void {
    const [s0, s1, s2] = [record(1, 0, LOOK), record(1, 1, LOOK), record(1, 2, LOOK)];
    this.#put(s0, s1, s2, s1 | (s2 << 6), s2 | (s0 << 6), s0 | (s1 << 6), this.#crashes);
  }

  /** Adds every successor of the state at `at` (in words) to `out`, which must have room for MOST_STEPS. */
  expand(states: Int32Array, at: number): void {
    const w0 = states[at];
    const w1 = states[at + 1];
    const w2 = states[at + 2];
    const w3 = states[at + 3];
    this.#own0 = w0 & 0x3fffffff;
    this.#own1 = w1 & 0x3fffffff;
    this.#own2 = w2 & 0x3fffffff;
    this.#inbound0 = w3 & 0xfff;
    this.#inbound1 = (w3 >>> 12) & 0xfff;
    this.#inbound2 = ((w3 >>> 24) & REC) | ((w0 >>> 30) << 6) | ((w1 >>> 30) << 8) | ((w2 >>> 30) << 10);
    this.#left = w3 >>> 30;
    this.#stepsOf(0, this.#own0, this.#inbound0, this.#inbound1, this.#inbound2);
    this.#stepsOf(1, this.#own1, this.#inbound1, this.#inbound2, this.#inbound0);
    this.#stepsOf(2, this.#own2, this.#inbound2, this.#inbound0, this.#inbound1);
  }

  /** The steps of server `i`: its own bits, what is inbound to it, and what is inbound to a and to b. */
  #stepsOf(i: number, own: number, inbound: number, toA: number, toB: number): void {
    const self = own & REC;
    const st = self >> 4;
    if (st !== DOWN) {
      const fromA = inbound & REC;
      const fromB = inbound >> 6;
      const rest = own >> 6;
      if (fromA !== 0) this.#deliver(i, 0, own, fromA, inbound & ~REC, toA, toB);
      if (fromB !== 0) this.#deliver(i, 6, own, fromB, fromA, toA, toB);
      if (st === LOOK) {
        const vote = voteOf(self);
        const rvA = rest & REC;
        const rvB = (rest >> 6) & REC;
        if ((rvA !== 0 && voteOf(rvA) === vote) || (rvB !== 0 && voteOf(rvB) === vote)) {
          this.#emit(i, decided(i, clkOf(self), vote), inbound, toA, toB, this.#left);
        }
        if (inbound === 0) this.#broadcast(i, own, 0, toA, toB);
      }
      if (this.#left > 0) {
        const crashed = record(clkOf(self), i, DOWN);
        this.#emit(i, crashed, inbound, toA & REC, toB & (REC << 6), this.#left - 1);
      }
    }
    if (st !== LOOK && clkOf(self) < this.#maxRound) {
      this.#broadcast(i, (own & ~REC) | record(clkOf(self) + 1, i, LOOK), inbound, toA, toB);
    }
  }

  /** Delivers a message from the peer whose records are `side` bits up: 0 for a, 6 for b. */
  #deliver(i: number, side: number, own: number, m: number, inbound: number, toA: number, toB: number): void {
    const self = own & REC;
    if (stOf(self) !== LOOK) {
      if (stOf(m) === LOOK) this.#reply(i, side, own, inbound, toA, toB);
      else this.#emit(i, own, inbound, toA, toB, this.#left);
    } else if (stOf(m) === LOOK) this.#hearLooking(i, side, own, m, inbound, toA, toB);
    else this.#emit(i, hearDecided(i, side, own, m), inbound, toA, toB, this.#left);
  }

  #hearLooking(
    i: number,
    side: number,
    own: number,
    m: number,
    inbound: number,
    toA: number,
    toB: number,
  ): void {
    const self = own & REC;
    const clk = clkOf(m);
    const vote = voteOf(m);
    if (clk < clkOf(self)) {
      this.#reply(i, side, own, inbound, toA, toB);
    } else if (clk > clkOf(self)) {
      const adopted = record(clk, rank(vote) > rank(i) ? vote : i, LOOK);
      const oe = own & (0xfff << 18);
      this.#broadcast(i, oe | adopted | (m << (6 + side)), inbound, toA, toB);
    } else {
      const heard = (own & ~(REC << (6 + side))) | (m << (6 + side));
      if (rank(vote) <= rank(voteOf(self))) this.#emit(i, heard, inbound, toA, toB, this.#left);
      else this.#broadcast(i, (heard & ~REC) | record(clk, vote, LOOK), inbound, toA, toB);
    }
  }

  /** Sends what server `i` says of itself to the peer on that side. */
  #reply(i: number, side: number, own: number, inbound: number, toA: number, toB: number): void {
    const self = own & REC;
    if (side === 0) this.#emit(i, own, inbound, (toA & REC) | (self << 6), toB, this.#left);
    else this.#emit(i, own, inbound, toA, (toB & (REC << 6)) | self, this.#left);
  }

  /** Sends it to both peers: server `i` is the b of its a, and the a of its b. */
  #broadcast(i: number, own: number, inbound: number, toA: number, toB: number): void {
    const self = own & REC;
    this.#emit(i, own, inbound, (toA & REC) | (self << 6), (toB & (REC << 6)) | self, this.#left);
  }

  #emit(i: number, own: number, inbound: number, toA: number, toB: number, left: number): void {
    if (i === 0) this.#put(own, this.#own1, this.#own2, inbound, toA, toB, left);
    else if (i === 1) this.#put(this.#own0, own, this.#own2, toB, inbound, toA, left);
    else this.#put(this.#own0, this.#own1, own, toA, toB, inbound, left);
  }

  /** Packs a successor and takes its fingerprint: xorshifts and multiplications, into two lanes. */
  #put(
    own0: number,
    own1: number,
    own2: number,
    inbound0: number,
    inbound1: number,
    inbound2: number,
    left: number,
  ): void {
    const { words, fingerprints, next } = this.#out;
    const w0 = own0 | ((inbound2 >> 6) << 30);
    const w1 = own1 | ((inbound2 >> 8) << 30);
    const w2 = own2 | ((inbound2 >> 10) << 30);
    const w3 = inbound0 | (inbound1 << 12) | ((inbound2 & REC) << 24) | (left << 30);
    let h0 = 0x2545f491;
    let h1 = 0x51ed270b;
    let x = mixed(w0, 0x632be5ab);
    h0 = lane0(h0, x);
    h1 = lane1(h1, x);
    x = mixed(w1, 0xc657cb56);
    h0 = lane0(h0, x);
    h1 = lane1(h1, x);
    x = mixed(w2, 0x2983b101);
    h0 = lane0(h0, x);
    h1 = lane1(h1, x);
    x = mixed(w3, 0x8caf96ac);
    h0 = lane0(h0, x);
    h1 = lane1(h1, x);
    h0 = Math.imul(h0 ^ (h1 >>> 16), 0x846ca68b);
    h0 ^= h0 >>> 16;
    h1 = Math.imul((h1 ^ (h1 >>> 15)) + h0, 0x2c1b3c6d);
    h1 ^= h1 >>> 16;
    const at = next * WORDS;
    words[at] = w0;
    words[at + 1] = w1;
    words[at + 2] = w2;
    words[at + 3] = w3;
    fingerprints[2 * next] = h0 === 0 ? 1 : h0;
    fingerprints[2 * next + 1] = h1 === 0 ? 1 : h1;
    this.#out.next = next + 1;
  }
}

/** The bits of a server that has just decided for a leader: no records are left. */
const decided = (i: number, clk: number, leader: number): number =>
  record(clk, leader, leader === i ? LEAD : FOLL);

/** The bits of server `i`, in LOOK, after a message from one that has decided. */
function hearDecided(i: number, side: number, own: number, m: number): number {
  const self = own & REC;
  const clk = clkOf(m);
  const vote = voteOf(m);
  let after = own;
  if (clk === clkOf(self)) {
    after = (after & ~(REC << (6 + side))) | (m << (6 + side));
    const agrees = vote === voteOf(self) || matches(after >> (12 - side), m);
    if (agrees && (vote === i || saysLead(after >> 6, i, vote))) return decided(i, clk, vote);
  }
  after = (after & ~(REC << (18 + side))) | (m << (18 + side));
  if (!matches(after >> (24 - side), m)) return after;
  const led = vote === i ? clk === clkOf(self) : saysLead(after >> 18, i, vote);
  return led ? decided(i, clk, vote) : after;
}

/** Whether the lowest record is for the same leader and round as the message, which has one. */
const matches = (records: number, m: number): boolean => ((records ^ m) & CLK_VOTE) === 0;

/** Whether the record about the leader, a peer of `i`, says that it leads; the lowest is about a. */
const saysLead = (records: number, i: number, leader: number): boolean =>
  stOf(leader === (i + 1) % 3 ? records : records >> 6) === LEAD;

const mixed = (word: number, key: number): number => {
  let x = word ^ key;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  return x ^ (x >>> 15);
};
const lane0 = (h: number, x: number): number => {
  const y = Math.imul(h ^ x, 0x9e3779b1);
  return y ^ (y >>> 15);
};
const lane1 = (h: number, x: number): number => {
  const y = Math.imul(h + x, 0x85ebca77);
  return (y << 13) | (y >>> 19);
};
