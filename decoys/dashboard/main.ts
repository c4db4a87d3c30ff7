// The dashboard decoy: a debug site that cannot be told from nginx, and a port where a service seems to hang.
import { runDecoy } from '../touch/run.ts';
import { startDashboard } from './dashboard.ts';
import { dashboardSettings } from './settings.ts';

await runDecoy({
  name: 'dashboard',
  settings: dashboardSettings,
  start: (settings, recorder) => startDashboard(settings, recorder),
});
