/** Pages that commands write, opened in a browser as a reader opens them: from disk. For the tests alone. */
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { launch, open } from './browser.js';
import { directories } from './command.js';
import { run } from './served.js';

interface How {
  readonly hash?: string;
  readonly scheme?: 'light' | 'dark';
}

export interface Pages {
  /** A new empty directory. */
  readonly directory: () => string;
  /** The page that a command writes with --out, once for all tests of a file. */
  readonly pageOf: (...args: readonly string[]) => Promise<string>;
  /** Opens a page, does something with it, and expects that nothing went wrong behind the scenes. */
  readonly within: <T>(file: string, how: How, body: (page: Page) => Promise<T>) => Promise<T>;
  /** The same, whatever goes wrong. */
  readonly amid: <T>(file: string, how: How, body: (page: Page) => Promise<T>) => Promise<T>;
}

/** A browser for the tests of one file. */
export function pagesInBrowser(): Pages {
  const directory = directories();
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  const write = async (args: readonly string[]): Promise<string> => {
    const folder = directory();
    const page = join(folder, 'page.html');
    const { code, err } = await run(folder, [...args, '--out', page]);
    expect(err).toBe('');
    expect(code).toBe(0);
    return page;
  };
  const written = new Map<string, Promise<string>>();

  const amid: Pages['amid'] = async (file, { hash, scheme }, body) => {
    const { page } = await open(browser, file, hash, scheme);
    const result = await body(page);
    await page.context().close();
    return result;
  };

  return {
    directory,
    pageOf: (...args) => {
      const key = args.join(' ');
      const page = written.get(key) ?? write(args);
      written.set(key, page);
      return page;
    },
    within: async (file, { hash, scheme }, body) => {
      const { page, problems } = await open(browser, file, hash, scheme);
      const result = await body(page);
      expect(problems).toEqual([]);
      await page.context().close();
      return result;
    },
    amid,
  };
}

/** A value that is made once, when first asked for. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** What the run that is shown ends with, in words. */
export const status = (page: Page): Promise<string | null> => page.locator('.status').textContent();
