/** Pages as files: one HTML each, with program, style and data in it, which needs no network. */
import { readFileSync } from 'node:fs';
import type { PageData } from './page-data.js';

/** The page without data, as the build makes it. */
const template = (): string => readFileSync(new URL('../../page/index.html', import.meta.url), 'utf8');

const SLOT = /(<script type="application\/json" id="data">)(<\/script>)/;
const TITLE = /<title>[^<]*<\/title>/;

/** A page of these data, as the text of an HTML file. */
export const pageOf = (title: string, data: PageData): string =>
  template()
    .replace(TITLE, () => `<title>${escaped(title)}</title>`)
    .replace(SLOT, (_slot, open: string, close: string) => open + inScript(data) + close);

/** JSON in which nothing ends the element it stands in, or opens another. */
const inScript = (data: PageData): string => JSON.stringify(data).replaceAll('<', '\\u003c');

const ENTITIES: { readonly [char: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string => text.replace(/[&<>]/g, (char) => ENTITIES[char]);
