import { defineConfig } from 'vitest/config';
import { viteAssets } from './scripts/assets.ts';

// One project a kind of test; `npx vitest run --project unit` runs one. Files run one after the other: on a small
// machine tests that share ports, packets and two cores would only disturb each other.
const projects = ['unit', 'protocol', 'container', 'page'] as const;

export default defineConfig({
  plugins: [viteAssets()],
  test: {
    fileParallelism: false,
    reporters: ['default', ['json', { outputFile: 'test/artefacts/report.json' }]],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: projects.map((name) => ({
      extends: true as const,
      // Real scanners, containers and browsers on a machine that is shared: one more try before a miss is a failure.
      test: { name, retry: name === 'unit' ? 0 : 1, include: [`test/${name}/**/*.test.ts`] },
    })),
  },
});
