import { defineConfig } from 'vitest/config';
import { viteAssets } from './scripts/assets.ts';
import { viteThreads } from './scripts/embed-threads.ts';

const PAIRED = { workers: 2, order: 0 };
const ALONE = { workers: 1, order: 1 };
const DB = 'test/protocol/db/**/*.test.ts';

// One project a kind of test; `npx vitest run --project unit` runs one. Unit tests and those of db, which bind ports the kernel
// picks and watch no packets, come first, two files at a time; the others one file after the other: on a small machine tests
// that share ports, packets and two cores would only disturb each other.
const projects = {
  unit: { ...PAIRED, include: ['test/unit/**/*.test.ts'], exclude: [] },
  db: { ...PAIRED, include: [DB], exclude: [] },
  protocol: { ...ALONE, include: ['test/protocol/**/*.test.ts'], exclude: [DB] },
  container: { ...ALONE, include: ['test/container/**/*.test.ts'], exclude: [] },
  page: { ...ALONE, include: ['test/page/**/*.test.ts'], exclude: [] },
};

export default defineConfig({
  plugins: [viteAssets(), viteThreads()],
  test: {
    reporters: ['default', ['json', { outputFile: 'test/artefacts/report.json' }]],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: Object.entries(projects).map(([name, { workers, order, include, exclude }]) => ({
      extends: true as const,
      test: {
        name,
        include,
        exclude,
        maxWorkers: workers,
        sequence: { groupOrder: order },
      },
    })),
  },
});
