import { defineConfig } from 'vitest/config';
import { viteAssets } from '../scripts/assets.ts';
import { viteThreads } from '../scripts/embed-threads.ts';

// Rules are imported as YAML, which the build and vitest know how to read.
export default defineConfig({
  plugins: [viteAssets(), viteThreads()],
  test: { include: ['bench/page.ts'] },
});
