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
      test: { name, include: [`test/${name}/**/*.test.ts`] },
    })),
  },
});
