/** The program of every page, and of the worker that searches for it. */
import './shared-memory.js';
import { render } from 'preact';
import type { PageData } from '../story/page-data.js';

/** What the page was given. */
const dataOf = (): PageData => JSON.parse(document.getElementById('data')?.textContent ?? 'null');

function Page({ data }: { readonly data: PageData }) {
  return <main>{data.kind}</main>;
}

if (typeof document !== 'undefined') {
  const root = document.getElementById('page');
  if (root !== null) render(<Page data={dataOf()} />, root);
}
