/** The program of every page, and of the worker that searches for it. */
import './shared-memory.js';
import { render } from 'preact';
import type { PageData } from '../report/page-data.js';
import { lessons } from '../story/lessons.js';
import { Report } from './report.js';
import { TracePage } from './trace-page.js';
import { Tutorial } from './tutorial.js';
import { serve } from './worker.js';

/** What the page was given. */
const dataOf = (): PageData => JSON.parse(document.getElementById('data')?.textContent ?? 'null');

function Page({ data }: { readonly data: PageData }) {
  switch (data.kind) {
    case 'trace':
      return <TracePage data={data} />;
    case 'tutorial':
      return (
        <Tutorial
          tool={data.tool}
          heading={data.heading ?? 'fle-check tutorial'}
          lessons={data.lessons ?? lessons}
        />
      );
    case 'report':
      return <Report page={data} />;
  }
}

if (typeof document === 'undefined') {
  serve();
} else {
  const root = document.getElementById('page');
  if (root !== null) render(<Page data={dataOf()} />, root);
}
