/** Counts what a search keeps in shared memory, the buffers that its outcome does not know of included. */

type Constructor<T> = new (...parts: never[]) => T;

/** Replaces a constructor by one that tells `made` of each object. */
function watch<Name extends string, T extends object>(
  place: Record<Name, Constructor<T>>,
  name: Name,
  made: (object: T) => void,
): void {
  place[name] = new Proxy(place[name], {
    construct(target, parts, newTarget) {
      const object = Reflect.construct(target, parts, newTarget) as T;
      made(object);
      return object;
    },
  });
}

/**
 * Notes each buffer and each WebAssembly memory that is made from now on, and returns what adds up their
 * sizes.
 */
export function watchSharedMemory(): () => number {
  const sizes: (() => number)[] = [];
  watch<'SharedArrayBuffer', SharedArrayBuffer>(globalThis, 'SharedArrayBuffer', (buffer) =>
    sizes.push(() => buffer.byteLength),
  );
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Memory: Constructor<{ readonly buffer: SharedArrayBuffer }> };
  };
  watch(WebAssembly, 'Memory', (memory) => sizes.push(() => memory.buffer.byteLength));
  return () => sizes.reduce((sum, size) => sum + size(), 0);
}
