/**
 * The name `SharedArrayBuffer`, which browsers hide from pages that are not isolated, such as a file on disk.
 * What it names is there all the same: memory of WebAssembly is made of it. To be imported before the engine.
 */
const { buffer } = new WebAssembly.Memory({ initial: 0, maximum: 0, shared: true });
globalThis.SharedArrayBuffer ??= buffer.constructor as SharedArrayBufferConstructor;

export {};
