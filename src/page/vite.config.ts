/** Builds the page: program, style and all in one file, which `src/report/page.ts` gives its data. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('.'),
  logLevel: 'warn',
  plugins: [viteSingleFile()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: at('../../dist/page'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: 'chrome123',
    // The program is its own worker, where there is no document.
    modulePreload: false,
  },
});
