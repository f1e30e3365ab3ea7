/** Counts what a search keeps in shared memory, the buffers that its outcome does not know of included. */

/** Notes each buffer that is made from now on, and returns what adds up their sizes. */
export function watchSharedMemory(): () => number {
  const buffers: SharedArrayBuffer[] = [];
  globalThis.SharedArrayBuffer = new Proxy(SharedArrayBuffer, {
    construct(target, args, newTarget) {
      const buffer = Reflect.construct(target, args, newTarget) as SharedArrayBuffer;
      buffers.push(buffer);
      return buffer;
    },
  });
  return () => buffers.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
