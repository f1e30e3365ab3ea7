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
  /** What writes the page, but for where. */
  readonly command: readonly string[];
  readonly hash?: string;
  readonly scheme?: 'light' | 'dark';
  /** What a reader does before the picture is taken. */
  readonly after?: (page: Page) => Promise<void>;
}

const view = (trace: string): Pick<Picture, 'command'> => ({
  command: ['view', `properties/corpus/${trace}`],
});

const PICTURES_TAKEN: readonly Picture[] = [
  {
    name: 'violation',
    ...view('history/zab-discovery.ZOOKEEPER-1291.singleLeaderPerEpoch.json'),
    hash: '#step=13',
  },
  {
    name: 'two-leaders',
    ...view('witnesses/fast-leader-election.twoLeadersAtOneClock.json'),
    hash: '#step=9',
  },
  {
    name: 'explorer',
    ...view('witnesses/fast-leader-election.twoLeadersAtOneClock.json'),
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
  {
    name: 'tutorial',
    command: ['tutorial'],
    hash: '#lesson=slow-messages&step=10',
  },
];

async function take(browser: Browser, { name, command, hash, scheme, after }: Picture): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fle-check-'));
  const file = join(folder, 'page.html');
  try {
    // From the root, so that no picture names a place on this machine.
    execFileSync(process.execPath, [MAIN, ...command, '--out', file], { cwd: ROOT, stdio: 'ignore' });
    const { page } = await open(browser, file, hash, scheme);
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
