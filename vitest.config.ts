import { defineConfig } from 'vitest/config';
import { viteAssets } from './scripts/assets.ts';
import { viteThreads } from './scripts/embed-threads.ts';

const ALONE = { workers: 1, order: 1 };

// One project a kind of test; `npx vitest run --project unit` runs one. Unit tests come first, two files at a time; the
// others one file after the other: on a small machine tests that share ports, packets and two cores would only disturb each other.
const projects = { unit: { workers: 2, order: 0 }, protocol: ALONE, container: ALONE, page: ALONE };

export default defineConfig({
  plugins: [viteAssets(), viteThreads()],
  test: {
    reporters: ['default', ['json', { outputFile: 'test/artefacts/report.json' }]],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: Object.entries(projects).map(([name, { workers, order }]) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        maxWorkers: workers,
        sequence: { groupOrder: order },
      },
    })),
  },
});
