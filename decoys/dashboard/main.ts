// The dashboard decoy: a debug site that cannot be told from nginx, and a port where a service seems to hang.
import { CONVERSATION_FOLDING, runDecoy } from '../touch/run.ts';
import { startDashboard } from './dashboard.ts';
import { dashboardSettings } from './settings.ts';

await runDecoy({
  name: 'dashboard',
  folding: CONVERSATION_FOLDING,
  counts: true,
  settings: dashboardSettings,
  start: (settings, recorder) => startDashboard(settings, recorder),
});
