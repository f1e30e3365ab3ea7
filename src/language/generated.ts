/** Classes of views. Their code is generated for one arena: its memory is a constant in it. */
import { INSPECT, inspectView } from './to-plain.js';

/** Classes by their keys, for each arena: a model that is run twice keeps its inline caches. */
const generated = new WeakMap<Int32Array, Map<string, unknown>>();

/**
 * The class that `generate` makes, or made before for this key. `console.log` shows what is of it as its
 * plain value.
 */
export function generatedOnce<C extends { readonly prototype: unknown }>(
  memory: Int32Array,
  key: string,
  generate: () => C,
): C {
  const classes = generated.get(memory) ?? new Map<string, unknown>();
  generated.set(memory, classes);
  if (!classes.has(key)) {
    const made = generate();
    Object.defineProperty(made.prototype, INSPECT, { value: inspectView });
    classes.set(key, made);
  }
  return classes.get(key) as C;
}
