/** The page of a trace and the tutorial in a real browser: what a reader does with them. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chromiumPath } from '../testing/browser.js';
import { pagesInBrowser, status } from '../testing/pages.js';
import { run } from '../testing/served.js';

const CORPUS = join(import.meta.dirname, '../../properties/corpus');
const TWO_LEADERS = join(CORPUS, 'witnesses/fast-leader-election.twoLeadersAtOneClock.json');
const MINORITY = join(CORPUS, 'mutants/fast-leader-election.minority-quorum.noMinorityLeader.json');

describe.runIf(chromiumPath !== null)('in a browser', () => {
  const { directory, pageOf, within } = pagesInBrowser();

  const stepShown = (page: Page) => page.locator('.controls output').textContent();
  const take = (page: Page, step: string) => page.locator(`.choices button[data-step="${step}"]`).click();

  const search = async (page: Page, target: string) => {
    await page.getByLabel('Shortest way to').selectOption({ label: target });
    await page.getByRole('button', { name: 'Search' }).click();
  };

  describe('a trace', () => {
    test('is stepped through by keys, by the slider, by its steps and by links', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(file, { hash: '#step=7' }, async (page) => {
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
        expect(await page.locator('.reasons').textContent()).toContain(
          'It takes s3 in place of s2: both have peerEpoch 0',
        );
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
      await within(file, { hash: '#step=9' }, async (page) => {
        expect(await page.locator('.bar.leading').count()).toBe(2);
        expect(await page.locator('.label', { hasText: '★ LEADING c1' }).count()).toBe(2);
        expect(await status(page)).toBe('The trace reaches twoLeadersAtOneClock');
        expect(await page.locator('.message.overwritten.faint').count()).toBe(3);
      });
    });

    test('that violates a claim marks the step, and says the claim with its source', async () => {
      const file = await pageOf('view', MINORITY);
      await within(file, { scheme: 'dark' }, async (page) => {
        expect(await status(page)).toBe('The trace violates noMinorityLeader');
        expect(await page.locator('.mark.violated').count()).toBe(1);
        expect(await page.locator('header').textContent()).toContain('FastLeaderElection.getVoteTracker');
        expect(await page.title()).toBe('noMinorityLeader in fast-leader-election');
      });
    });

    test('is filtered by server', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(file, {}, async (page) => {
        await page.getByRole('checkbox', { name: 's1' }).uncheck();
        await page.getByRole('checkbox', { name: 's3' }).uncheck();
        expect(await page.locator('.lane-names span').allTextContents()).toEqual(['s2']);
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
      await within(file, {}, async (page) => {
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
      await within(file, { scheme: 'dark' }, async (page) => {
        expect(await paper(page)).toBe('rgb(20, 23, 28)');
        await page.getByRole('button', { name: 'Light' }).click();
        expect(await paper(page)).toBe('rgb(255, 255, 255)');
      });
    });
  });

  describe('the explorer', () => {
    test('goes from nothing to two leaders by its choices, one of them undone', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(file, {}, async (page) => {
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
        expect(await status(page)).toContain('Your branch reaches twoLeadersAtOneClock: Two servers lead');
        await page.getByRole('button', { name: 'Back to where it began' }).click();
        expect(await status(page)).toBe('The trace reaches twoLeadersAtOneClock');
      });
    });

    test('finds the shortest way in a worker, and saves a branch that replays', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      const saved = join(directory(), 'branch.json');
      await within(file, { hash: '#step=3' }, async (page) => {
        await take(page, 'HandleNotification(s2, s3)');
        await search(page, 'twoLeadersAtOneClock');
        await page.waitForFunction(
          "document.querySelector('.status').textContent.includes('twoLeadersAtOneClock')",
        );
        expect(await status(page)).toContain('Your branch reaches twoLeadersAtOneClock: Two servers lead');
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
      await within(file, {}, async (page) => {
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

    test('says that there is no way to a violation of a claim that holds', async () => {
      const file = await pageOf('view', TWO_LEADERS);
      await within(file, { hash: '#step=6' }, async (page) => {
        await search(page, 'a violation of noMinorityLeader');
        await page.getByText('There is none from here: all').waitFor();
      });
    });

    test('stops a search when asked, and when another step is looked at', async () => {
      const file = await pageOf('tutorial');
      // Five servers and two rounds: no page comes to the end of that.
      await within(file, { hash: '#lesson=slow-messages' }, async (page) => {
        const says = page.locator('.finder [role=status]');
        await search(page, 'a violation of noMinorityLeader');
        await page.getByText(/[1-9]\d*,\d+ states, \d+ steps deep/).waitFor();
        await page.getByRole('button', { name: 'Stop' }).click();
        await page.getByRole('button', { name: 'Search' }).waitFor();
        expect(await says.textContent()).toBe('');
        await page.getByRole('button', { name: 'Search' }).click();
        await page.getByText(/states, \d+ steps deep/).waitFor();
        await page.keyboard.press('ArrowRight');
        await page.getByRole('button', { name: 'Search' }).waitFor();
        expect(await says.textContent()).toBe('');
      });
    });
  });

  describe('the tutorial', () => {
    test('leads through its lessons, and ticks the tasks that the reader does', async () => {
      const file = await pageOf('tutorial');
      await within(file, {}, async (page) => {
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
      await within(file, { hash: '#lesson=slow-messages&step=10' }, async (page) => {
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
});
