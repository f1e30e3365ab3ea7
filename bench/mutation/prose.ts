/**
 * What Stryker leaves alone: prose. A claim says what it says to people; no test can hold a sentence to be
 * wrong, but one that repeats it. An explanation is held to its states by tests that search whole models.
 * Names are mutated: programs read them.
 */

/** What is looked at of a node of the syntax tree, and of where it stands. */
interface Path {
  readonly node: {
    readonly type: string;
    readonly key?: { readonly name?: string };
    readonly value?: unknown;
    readonly quasis?: readonly Quasi[];
  };
  readonly parent: { readonly type: string; readonly key?: { readonly name?: string } } | null;
}
interface Quasi {
  readonly value: { readonly raw: string };
}

const hasWords = (text: string): boolean => text.includes(' ');

/** Why the text at this path is not mutated; undefined if it is no prose. */
function shouldIgnore({ node, parent }: Path): string | undefined {
  if (node.type === 'ObjectProperty' && node.key?.name === 'explain') return 'prose: why a claim fails';
  const isText = node.type === 'StringLiteral' || node.type === 'TemplateLiteral';
  if (!isText) return undefined;
  const field = parent?.type === 'ObjectProperty' ? parent.key?.name : undefined;
  if (field === 'says' || field === 'source') return 'prose: what a claim says, and where it comes from';
  const text = node.quasis?.map(({ value }) => value.raw).join('') ?? String(node.value);
  return hasWords(text) ? 'prose: a sentence for people' : undefined;
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'prose', value: { shouldIgnore } }];
