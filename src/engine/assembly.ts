/** WebAssembly, as far as the engine uses it: modules over one memory that all threads share. */
import { reservationOf, reserve } from './reservation.js';

/** What there is of `WebAssembly.Memory` in every thread; `grow` throws RangeError if there is no more. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface WebAssembly {
  readonly Memory: new (kind: { initial: number; maximum: number; shared: true }) => SharedMemory;
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
/** Every Node has it; the types of Node 20 do not. */
const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssembly }).WebAssembly;

export const PAGE_BYTES = 1 << 16;
/** The most pages of a memory: 4 GiB. */
const MOST_PAGES = 1 << 16;

/** A memory of so many pages, all zero, and no more. Throws `NoAddressSpace`. */
export const newMemory = (pages: number, maximum = pages): SharedMemory =>
  reserve(() => new Memory({ initial: pages, maximum, shared: true }));

/** A memory of so many pages that can grow. Throws `NoAddressSpace`. */
export function growingMemory(pages: number): SharedMemory {
  const reserved = reservationOf(MOST_PAGES * PAGE_BYTES, pages * PAGE_BYTES);
  return newMemory(pages, Math.floor(reserved / PAGE_BYTES));
}

/** Compiles a module, in base64; returns what binds it to a memory, as its functions. */
export function compile<Code>(base64: string): (memory: SharedMemory) => Code {
  const module = new Module(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  return (memory) => new Instance(module, { shared: { memory } }).exports as Code;
}
