/** A real browser for the pages. Where there is none, tests that need one say so and are left out. */
import { accessSync, constants, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Set where a browser must be there: a missing one fails the test. */
export const IS_NEEDED = (process.env.FLE_CHECK_NEEDS_BROWSER ?? '') !== '';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The path of a Chromium; null if none is on PATH. */
export const chromiumPath: string | null = find();
if (chromiumPath === null) {
  console.warn('PAGES NOT TRIED IN A BROWSER: there is no Chromium. Install it: apt-get install chromium.');
}

function find(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: ['--no-sandbox'] });

export interface Opened {
  readonly page: Page;
  /** Errors on the console, uncaught ones, and requests that leave the page. Stays empty. */
  readonly problems: readonly string[];
}

/** Opens a file from disk, as a reader would. */
export async function open(
  browser: Browser,
  file: string,
  hash = '',
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 720 },
    colorScheme,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => problems.push(`dialog: ${dialog.message()}`));
  const address = pathToFileURL(file).href;
  page.on('request', (request) => {
    const url = request.url();
    if (url.split('#')[0] !== address && !url.startsWith('blob:')) problems.push(`request: ${url}`);
  });
  await page.goto(address + hash);
  return { page, problems };
}

/** What axe finds against WCAG A and AA, a line each. */
export async function axe(page: Page): Promise<readonly string[]> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(readFileSync(path, 'utf8'));
  return page.evaluate<string[]>(`axe
    .run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })
    .then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.target.join(' ') + ' ' + node.failureSummary)))`);
}
