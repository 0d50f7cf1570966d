import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The page goes into the Python package, so that whoever installs Sori has it without Node.
export default defineConfig({
  plugins: [svelte()],
  build: {
    outDir: '../src/sori/app/web/page',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  // `npm run dev` beside a running `sori serve`; a test reads the server's own words.
  server: { proxy: { '/api': 'http://127.0.0.1:8642' }, fs: { allow: ['..'] } },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
