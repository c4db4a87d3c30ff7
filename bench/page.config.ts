import { defineConfig } from 'vitest/config';
import { viteAssets } from '../scripts/assets.ts';
import { viteWorker } from '../scripts/embed-worker.ts';

// Rules are imported as YAML, which the build and vitest know how to read.
export default defineConfig({
  plugins: [viteAssets(), viteWorker('alerts/state/writer-thread.ts')],
  test: { include: ['bench/page.ts'] },
});
