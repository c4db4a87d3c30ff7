// The dashboard decoy: a debug site that cannot be told from nginx, and a port where a service seems to hang.
import { setFlagsFromString } from 'node:v8';
import { CONVERSATION_FOLDING, runDecoy } from '../touch/run.ts';
import { startDashboard } from './dashboard.ts';
import { dashboardSettings } from './settings.ts';

// A flood makes garbage faster than V8 collects it by default, and wakes its last optimising compiler: without both, the decoy that
// took 190 MB under 1,000 half-sent headers takes 100, for the same CPU a request.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--no-opt');

await runDecoy({
  name: 'dashboard',
  folding: CONVERSATION_FOLDING,
  counts: true,
  // fastify's router.
  makesFunctions: true,
  settings: dashboardSettings,
  start: (settings, recorder) => startDashboard(settings, recorder),
});
