/** The pages in a real browser, opened from disk as a reader opens them. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axe, chromiumPath, IS_NEEDED, launch, type Opened, open } from '../testing/browser.js';
import { DIST, directories, run } from '../testing/command.js';

const CORPUS = join(import.meta.dirname, '../../properties/corpus');
const TWO_LEADERS = join(CORPUS, 'witnesses/fast-leader-election.twoLeadersAtOneClock.json');
const MINORITY = join(CORPUS, 'mutants/fast-leader-election.minority-quorum.noMinorityLeader.json');

test('a browser is there when FLE_CHECK_NEEDS_BROWSER says that it is needed', () => {
  expect(IS_NEEDED && chromiumPath === null).toBe(false);
});

test('a page without its data has no more than 300 kB', () => {
  expect(statSync(join(DIST, 'page/index.html')).size).toBeLessThan(300_000);
});

describe.runIf(chromiumPath !== null)('in a browser', () => {
  const directory = directories();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const pages = new Map<string, Promise<string>>();

  /** The page that a command writes, once for all tests. */
  function pageOf(...args: readonly string[]): Promise<string> {
    const key = args.join(' ');
    const page = pages.get(key) ?? write(args);
    pages.set(key, page);
    return page;
  }

  async function write(args: readonly string[]): Promise<string> {
    const folder = directory();
    const page = join(folder, 'page.html');
    const { code, err } = await run(folder, [...args, '--out', page]);
    expect(err).toBe('');
    expect(code).toBe(0);
    return page;
  }

  /** Opens a page, does something with it, and expects that nothing went wrong behind the scenes. */
  async function within<T>(opening: Promise<Opened>, body: (page: Page) => Promise<T>): Promise<T> {
    const { page, problems } = await opening;
    const result = await body(page);
    expect(problems).toEqual([]);
    await page.context().close();
    return result;
  }

  const stepShown = (page: Page) => page.locator('.controls output').textContent();
  const status = (page: Page) => page.locator('.status').textContent();
  const take = (page: Page, step: string) => page.locator(`.choices button[data-step="${step}"]`).click();

  describe('a trace', () => {
    test('is stepped through by keys, by the slider, by its steps and by links', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(open(browser, file, '#step=7'), async (page) => {
        expect(await stepShown(page)).toBe('7 of 9');
        await page.keyboard.press('ArrowRight');
        expect(await stepShown(page)).toBe('8 of 9');
        expect(page.url()).toContain('#step=8');
        for (const key of ['ArrowUp', 'ArrowLeft']) await page.keyboard.press(key);
        expect(await stepShown(page)).toBe('6 of 9');
        await page.keyboard.press('End');
        expect(await stepShown(page)).toBe('9 of 9');
        await page.keyboard.press('ArrowDown');
        expect(await stepShown(page)).toBe('9 of 9');
        await page.keyboard.press('Home');
        expect(await stepShown(page)).toBe('0 of 9');
        await page.getByRole('slider', { name: 'Step' }).fill('4');
        expect(await stepShown(page)).toBe('4 of 9');
        await page.locator('.steps button').nth(6).click();
        expect(await page.locator('.panel h2').textContent()).toBe('Step 6: s1 hears s3, LOOKING c1 → s3');
        expect(await page.locator('.reasons').textContent()).toContain('s3 beats s2: both have peerEpoch 0');
        expect(await page.locator('.messages').textContent()).toContain('Read, s3 to s1: LOOKING c1 → s3');
        expect(await page.locator('.changed').first().textContent()).toContain('proposal');
        await page.evaluate("location.hash = '#step=2'");
        await page.waitForFunction("document.querySelector('.controls output').textContent === '2 of 9'");
        await page.evaluate("location.hash = '#step=99'");
        await page.waitForFunction("document.querySelector('.controls output').textContent === '9 of 9'");
      });
    });

    test('shows two leaders, by role and by sign, and that it reaches what it is there for', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(open(browser, file, '#step=9'), async (page) => {
        expect(await page.locator('.bar.leading').count()).toBe(2);
        expect(await page.locator('.label', { hasText: '★ LEADING c1' }).count()).toBe(2);
        expect(await status(page)).toBe('The trace reaches twoLeadersAtOneClock');
        expect(await page.locator('.message.overwritten.faint').count()).toBe(3);
      });
    });

    test('that violates a claim marks the step, and says the claim with its source', async () => {
      const file = await pageOf('view', MINORITY);
      await within(open(browser, file, '', 'dark'), async (page) => {
        expect(await status(page)).toBe('The trace violates noMinorityLeader');
        expect(await page.locator('.mark.violated').count()).toBe(1);
        expect(await page.locator('header').textContent()).toContain('FastLeaderElection.getVoteTracker');
        expect(await page.title()).toBe('noMinorityLeader in fast-leader-election');
      });
    });

    test('is filtered by server', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(open(browser, file), async (page) => {
        await page.getByRole('checkbox', { name: 's1' }).uncheck();
        await page.getByRole('checkbox', { name: 's3' }).uncheck();
        expect(await page.locator('.names span').allTextContents()).toEqual(['s2']);
        // Those that s2 has no part in are gone: s3 hears s1, and leads.
        const steps = await page.locator('.steps .number').allTextContents();
        expect(steps).toEqual(['0', '1', '2', '3', '4', '5', '6', '8']);
        await page.keyboard.press('End');
        await page.keyboard.press('ArrowLeft');
        expect(await stepShown(page)).toBe('6 of 9');
      });
    });

    test('gives its replay command', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(open(browser, file), async (page) => {
        await page.getByRole('button', { name: 'Copy the replay command' }).click();
        await page.getByRole('button', { name: 'Copied' }).waitFor();
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
          `npx fle-check replay ${TWO_LEADERS}`,
        );
      });
    });

    test('is light or dark as the system says, and as the reader wants', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      const paper = (page: Page) => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      await within(open(browser, file, '', 'dark'), async (page) => {
        expect(await paper(page)).toBe('rgb(20, 23, 28)');
        await page.getByRole('button', { name: 'Light' }).click();
        expect(await paper(page)).toBe('rgb(255, 255, 255)');
      });
    });
  });

  describe('the explorer', () => {
    test('goes from nothing to two leaders by its choices, one of them undone', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(open(browser, file), async (page) => {
        for (const sid of [1, 2, 3]) await take(page, `StartServer(s${sid})`);
        await take(page, 'HandleNotification(s1, s2)');
        await take(page, 'HandleNotification(s3, s1)');
        expect(await status(page)).toContain('Your branch');
        await page.getByRole('button', { name: 'Undo' }).click();
        expect(await stepShown(page)).toBe('4 of 4');
        await take(page, 'HandleNotification(s2, s1)');
        await take(page, 'HandleNotification(s1, s3)');
        await take(page, 'HandleNotification(s3, s1)');
        await take(page, 'EndFinalizeWait(s2)');
        await take(page, 'EndFinalizeWait(s3)');
        expect(await status(page)).toBe('Your branch reaches twoLeadersAtOneClock');
        await page.getByRole('button', { name: 'Back to where it began' }).click();
        expect(await status(page)).toBe('The trace reaches twoLeadersAtOneClock');
      });
    });

    test('finds the shortest way in a worker, and saves a branch that replays', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      const saved = join(directory(), 'branch.json');
      await within(open(browser, file, '#step=3'), async (page) => {
        await take(page, 'HandleNotification(s2, s3)');
        await page.getByLabel('Shortest way to').selectOption({ label: 'twoLeadersAtOneClock' });
        await page.getByRole('button', { name: 'Search' }).click();
        await page.waitForFunction(
          "document.querySelector('.status').textContent.includes('twoLeadersAtOneClock')",
        );
        expect(await status(page)).toBe('Your branch reaches twoLeadersAtOneClock');
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Save this branch' }).click();
        await (await download).saveAs(saved);
      });
      const { code, out, err } = await run(directory(), ['replay', saved]);
      expect(err).toBe('');
      expect(out).toContain('it shows twoLeadersAtOneClock reached.');
      expect(code).toBe(0);
    });

    test('saves a branch that shows nothing, and it replays', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      const saved = join(directory(), 'branch.json');
      await within(open(browser, file), async (page) => {
        await take(page, 'StartServer(s3)');
        expect(await status(page)).toBe('Your branch shows nothing in particular');
        const download = page.waitForEvent('download');
        await page.getByRole('button', { name: 'Save this branch' }).click();
        await (await download).saveAs(saved);
      });
      const { code, out } = await run(directory(), ['replay', saved]);
      expect(out).toContain(
        'Replays: 1 step, every state as in the file; it is a branch, and shows no claim.',
      );
      expect(code).toBe(0);
    });

    test('says that there is no way to a violation of a claim that holds, and stops when asked', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(open(browser, file, '#step=6'), async (page) => {
        await page.getByLabel('Shortest way to').selectOption({ label: 'a violation of noMinorityLeader' });
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByRole('button', { name: 'Stop' }).click();
        expect(await page.locator('.finder [role=status]').textContent()).toBe('');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByText('There is none from here: all').waitFor();
      });
    });
  });

  describe('the tutorial', () => {
    test('leads through its lessons, and ticks the tasks that the reader does', async () => {
      const file = await pageOf('tutorial');
      await within(open(browser, file), async (page) => {
        expect(await page.locator('.caption').textContent()).toBe(
          'All are off. Three of five are a majority: no fewer may elect.',
        );
        for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
        expect(await page.locator('.caption').textContent()).toContain(
          'three servers vote for it: it leads.',
        );
        await page.getByRole('button', { name: 'Next: Any order, and crashes' }).click();
        expect(page.url()).toContain('lesson=any-order');
        for (const sid of [1, 2, 5]) await take(page, `StartServer(s${sid})`);
        await page.getByText('✓ Let s5 lead').waitFor();
        expect(await page.locator('.tasks .done').count()).toBe(1);
        await page.getByRole('button', { name: 'Show me: Crash the leader' }).click();
        await page.getByText('✓ Crash the leader').waitFor();
      });
    });

    test('has a link for each step of each lesson, and lets 3, 4 or 5 lead', async () => {
      const file = await pageOf('tutorial');
      await within(open(browser, file, '#lesson=slow-messages&step=10'), async (page) => {
        for (const sid of [3, 4, 5]) {
          await page.getByRole('button', { name: `s${sid} leads` }).click();
          await page.keyboard.press('End');
          expect(await page.locator('.caption').textContent()).toContain(
            `None comes in time: s${sid} leads.`,
          );
        }
        await page.evaluate("location.hash = '#lesson=epochs&step=28'");
        await page.getByText('All three are in epoch 1 under one leader.').waitFor();
      });
    });
  });

  describe('hostile strings', () => {
    const EVIL = '</title></script><script>alert(1)</script><img src=x onerror="alert(2)"><!--';

    test('of a trace are shown as text, and run nothing', async () => {
      const folder = directory();
      const trace = JSON.parse(readFileSync(TWO_LEADERS, 'utf8'));
      const long = 'x'.repeat(1_000_000);
      const hostile = {
        ...trace,
        '#': EVIL,
        tool: EVIL,
        claim: EVIL,
        says: long,
        source: EVIL,
        steps: [
          ...trace.steps,
          { action: long, args: [EVIL], state: { server: [{ state: EVIL, [EVIL]: long }] } },
        ],
      };
      writeFileSync(join(folder, 'evil.json'), JSON.stringify(hostile));
      const page = join(folder, 'page.html');
      const { code, err } = await run(folder, ['view', 'evil.json', '--out', page]);
      expect(code).toBe(0);
      expect(err).toContain('the trace part at step 10');
      await within(open(browser, page, '#step=10'), async (opened) => {
        expect(await opened.locator('h1').textContent()).toContain(EVIL);
        expect(await opened.locator('header').textContent()).toContain('(1,000,000 characters)');
        expect(await opened.locator('img').count()).toBe(0);
        expect(await opened.locator('script').count()).toBe(2);
        expect(await opened.locator('.panel').textContent()).toContain(EVIL);
        const width = await opened.evaluate('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(1280);
        expect(await opened.title()).toContain(EVIL);
      });
    });

    test('of a model, rules and bounds that there are not are shown too', async () => {
      const folder = directory();
      const trace = JSON.parse(readFileSync(TWO_LEADERS, 'utf8'));
      const hostile = { ...trace, model: EVIL, rules: EVIL.replaceAll('/', '|'), bounds: { [EVIL]: EVIL } };
      writeFileSync(join(folder, 'evil.json'), JSON.stringify(hostile));
      const page = join(folder, 'page.html');
      const { code, err } = await run(folder, ['view', 'evil.json', '--out', page]);
      expect(code).toBe(0);
      expect(err).toContain('cannot go on from it');
      await within(open(browser, page, '#step=9'), async (opened) => {
        expect(await opened.locator('h1').textContent()).toContain(EVIL);
        expect(await opened.locator('.bar.leading').count()).toBe(2);
        expect(await opened.locator('.explorer').count()).toBe(0);
      });
    });
  });

  test('a page may not ask a network, even if its program did', async () => {
    const { page } = await open(browser, await pageOf('tutorial'));
    const blocked = page.evaluate<string>(`new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      fetch('http://127.0.0.1:9/').catch(() => {});
    })`);
    expect(await blocked).toBe('connect-src');
    await page.context().close();
  });

  describe('for everybody', () => {
    test.each(['light', 'dark'] as const)('is without fault to axe, %s', async (scheme) => {
      const [trace, tutorial] = [await pageOf('view', MINORITY), await pageOf('tutorial')];
      for (const [file, hash] of [
        [trace, '#step=3'],
        [tutorial, '#lesson=any-order'],
        [tutorial, '#lesson=epochs&step=16'],
      ]) {
        await within(open(browser, file, hash, scheme), async (page) => {
          expect(await axe(page)).toEqual([]);
        });
      }
    });
  });
});
