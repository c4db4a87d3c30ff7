// The dashboard decoy: a debug site that cannot be told from nginx, and a port where a service seems to hang.
import { setFlagsFromString } from 'node:v8';
import { CONVERSATION_FOLDING, runDecoy } from '../touch/run.ts';
import { startDashboard } from './dashboard.ts';
import { dashboardSettings } from './settings.ts';

// A flood makes garbage faster than V8 cares to collect it by default: new space stays small and old space grows in small steps.
setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--heap-growing-percent=20');

await runDecoy({
  name: 'dashboard',
  folding: CONVERSATION_FOLDING,
  counts: true,
  settings: dashboardSettings,
  start: (settings, recorder) => startDashboard(settings, recorder),
});
