// The app decoy with the addon's own event path, one packet a wake-up: what adaptive polling is measured against.

import { settingsFrom } from '../decoys/app/settings.ts';
import { watchRaw } from '../decoys/app/watch-raw.ts';
import { openCounters } from '../decoys/touch/kernel-counters.ts';
import { runDecoy } from '../decoys/touch/run.ts';

await runDecoy({
  name: 'app',
  settings: settingsFrom,
  start: async ({ siblings }, recorder) =>
    watchRaw({
      recorder,
      counters: openCounters(),
      siblings,
      adaptive: false,
      onDiagnostic: (message) => process.stderr.write(`app: ${message}\n`),
    }),
});
