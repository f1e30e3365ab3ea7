/**
 * How much address space each growing buffer of a search reserves: 4 GiB, and less where the system allows a
 * process less in all (`ulimit -v`). What is reserved takes no memory until it is used.
 */

/** Buffers of a search that grow: sixteen tables, eight shelves of the queue, and five more. */
const BUFFERS = 29;

let most = Number.POSITIVE_INFINITY;

/**
 * Makes searches reserve what fits into so much address space. Half of it is left to Node, to its threads,
 * and to the batch of each.
 */
export function fitInto(addressSpace: number): void {
  most = addressSpace / 2 / BUFFERS;
}

/** What a buffer that wants so many bytes, and has so many at once, is to reserve. */
export const reservationOf = (wanted: number, atOnce: number): number =>
  Math.max(atOnce, Math.min(wanted, most));

/** The system has no address space for a search, however few states it has. */
export class NoAddressSpace extends Error {
  override readonly name = 'NoAddressSpace';
  constructor(cause: unknown) {
    super(
      'the machine has no address space for a search: V8 reserves 10 GiB for each of its 17 WebAssembly ' +
        'memories. Raise the limit (ulimit -v), or set NODE_OPTIONS=--disable-wasm-trap-handler: a search ' +
        'is slower then, and reserves what fits',
      { cause },
    );
  }
}

/** Makes a buffer. Throws `NoAddressSpace` if there is none for it. */
export function reserve<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof RangeError ? new NoAddressSpace(error) : error;
  }
}
