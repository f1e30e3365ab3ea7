/** `fle-check tutorial`: writes the guided page. */
import { Command } from 'commander';
import { EXIT } from '../../process/exit.js';
import { PAGES, writePage } from '../../process/files.js';
import { VERSION } from '../../process/version.js';
import { pageOf } from '../../report/page.js';

const EXAMPLES = `
There are seven lessons: five servers started in order, in any order, with history, with slow
messages; two leaders at one clock; how epochs resolve it; and how an acknowledged write is lost.
You can step through each lesson, and try other steps.

Example:
  fle-check tutorial --out lesson.html

Exit codes: 0 the page is written, 2 it cannot be written.`;

export const tutorialCommand = (): Command =>
  new Command('tutorial')
    .summary('write a guided page: an election, step by step')
    .description('Writes a page of lessons on how ZooKeeper elects, in which you can try every step.')
    .option('--out <page>', `the page; without it, ${PAGES}/tutorial.html`)
    .addHelpText('after', EXAMPLES)
    .action(({ out }: { readonly out?: string }) => {
      const html = pageOf('fle-check tutorial', { kind: 'tutorial', tool: VERSION });
      const written = writePage(out, 'tutorial.html', html);
      process.stdout.write(`Wrote ${written}. Open it in a browser.\n`);
      process.exitCode = EXIT.holds;
    });
