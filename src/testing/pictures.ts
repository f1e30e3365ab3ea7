/** The pictures in docs/pictures, taken of the pages as they are: `npm run pictures`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { launch, open } from './browser.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const MAIN = at('../cli/main.js');
const ROOT = at('../../../');
const PICTURES = join(ROOT, 'docs/pictures');

interface Picture {
  readonly name: string;
  /** Commands that write the page into a folder. */
  readonly write: (folder: string) => string;
  readonly hash?: string;
  readonly scheme?: 'light' | 'dark';
  /** What a reader does before the picture is taken. */
  readonly after?: (page: Page) => Promise<void>;
}

function run(cwd: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [MAIN, ...args], { cwd, stdio: 'ignore' });
}

/** The page that a command writes; run from the root, so that it names no place on this machine. */
const pageOf =
  (...args: readonly string[]) =>
  (folder: string): string => {
    const page = join(folder, 'page.html');
    run(ROOT, ...args, '--out', page);
    return page;
  };

const view = (trace: string): Picture['write'] => pageOf('view', `properties/corpus/${trace}`);

const TWO_LEADERS = 'witnesses/fast-leader-election.twoLeadersAtOneClock.json';

const PICTURES_TAKEN: readonly Picture[] = [
  {
    name: 'violation',
    write: view('history/zab-discovery.ZOOKEEPER-1291.singleLeaderPerEpoch.json'),
    hash: '#step=13',
  },
  { name: 'two-leaders', write: view(TWO_LEADERS), hash: '#step=9' },
  {
    name: 'explorer',
    write: view(TWO_LEADERS),
    hash: '#step=6',
    scheme: 'dark',
    after: async (page) => {
      await page.locator('.choices button[data-step="EndFinalizeWait(s2)"]').click();
      await page.getByLabel('Shortest way to').selectOption({ label: 'clockLoweredByAdoption' });
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('Your branch reaches clockLoweredByAdoption').waitFor();
      await page.keyboard.press('End');
    },
  },
  { name: 'tutorial', write: pageOf('tutorial'), hash: '#lesson=slow-messages&step=10' },
  {
    name: 'report',
    write: (folder) => {
      run(folder, 'check', '--report', 'report');
      run(folder, 'mutants', '--no-random', '--report', 'report');
      return join(folder, 'report/index.html');
    },
    after: async (page) => {
      await page.getByRole('link', { name: 'zab-discovery' }).first().click();
    },
  },
];

async function take(browser: Browser, { name, write, hash, scheme, after }: Picture): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fle-check-'));
  try {
    const { page } = await open(browser, write(folder), hash, scheme);
    await after?.(page);
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

mkdirSync(PICTURES, { recursive: true });
const browser = await launch();
for (const picture of PICTURES_TAKEN) await take(browser, picture);
await browser.close();
