/** Every kind of page in a real browser: the report, hostile strings, no network, axe. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { axe, chromiumPath, IS_NEEDED } from '../testing/browser.js';
import { DIST } from '../testing/command.js';
import { lazily, pagesInBrowser, status } from '../testing/pages.js';
import { run } from '../testing/served.js';

const CORPUS = join(import.meta.dirname, '../../properties/corpus');
const TWO_LEADERS = join(CORPUS, 'witnesses/fast-leader-election.twoLeadersAtOneClock.json');
const MINORITY = join(CORPUS, 'mutants/fast-leader-election.minority-quorum.noMinorityLeader.json');

test('a browser is there when FLE_CHECK_NEEDS_BROWSER says that it is needed', () => {
  expect(IS_NEEDED && chromiumPath === null).toBe(false);
});

test('a page without its data has no more than 370 kB', () => {
  expect(statSync(join(DIST, 'page/index.html')).size).toBeLessThan(370_000);
});

describe.runIf(chromiumPath !== null)('in a browser', () => {
  const { directory, pageOf, within, amid } = pagesInBrowser();

  describe('a report', () => {
    /** The index page of a check that fails, an exploration and a trial. */
    const index = lazily(async () => {
      const folder = directory();
      const tiny = ['--bounds', 'tiny', '--report', 'report'];
      await run(folder, ['check', 'fast-leader-election', '--rules', 'minority-quorum', ...tiny]);
      await run(folder, ['explore', 'tutorial', '--runs', '5', '--no-failures', ...tiny]);
      await run(folder, ['mutants', 'order-ignores-sid', '--no-random', '--report', 'report']);
      return join(folder, 'report/index.html');
    });

    test('has the verdicts, the bars, the plots and the kill matrix, and leads to each violation', async () => {
      await within(await index(), {}, async (page) => {
        const words = await page.locator('main').textContent();
        for (const each of [
          'minority-quorum',
          'violated',
          'passed',
          'order-ignores-sid',
          'HandleNotification',
          'not sought to the end: the violation came first',
        ]) {
          expect(words).toContain(each);
        }
        const plots = await page
          .locator('svg[role=img]')
          .evaluateAll((all) => all.map((one) => one.ariaLabel));
        expect(plots.join()).toMatch(/States per depth.*Distinct states over time/s);
      });
      await amid(await index(), {}, async (page) => {
        await page
          .getByRole('link', { name: /noMinorityLeader/ })
          .first()
          .click();
        await page.locator('.diagram').waitFor();
        expect(await status(page)).toBe('The trace violates noMinorityLeader');
      });
    });

    test('is without fault to axe, light and dark', async () => {
      await within(await index(), {}, inBothSchemes);
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
      expect(err).toContain("today's model part at step 10");
      await within(page, { hash: '#step=10' }, async (opened) => {
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
      await within(page, { hash: '#step=9' }, async (opened) => {
        expect(await opened.locator('h1').textContent()).toContain(EVIL);
        expect(await opened.locator('.bar.leading').count()).toBe(2);
        expect(await opened.locator('.explorer').count()).toBe(0);
      });
    });
  });

  test('a page may not ask a network, even if its program did', async () => {
    await amid(await pageOf('tutorial'), {}, async (page) => {
      const blocked = page.evaluate<string>(`new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective));
      fetch('http://127.0.0.1:9/').catch(() => {});
    })`);
      expect(await blocked).toBe('connect-src');
    });
  });

  test.each([
    ['a trace', '#step=3', () => pageOf('view', MINORITY)],
    ['the tutorial', '#lesson=epochs&step=16', () => pageOf('tutorial')],
  ])('%s is without fault to axe, light and dark', async (_what, hash, file) => {
    await within(await file(), { hash }, inBothSchemes);
  });
});

async function inBothSchemes(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect({ colorScheme, faults: await axe(page) }).toEqual({ colorScheme, faults: [] });
  }
}
