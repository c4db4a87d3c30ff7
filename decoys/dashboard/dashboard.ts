// Puts the parts together: site, application, HTTP listener and lure.
import type { Recorder } from '../touch/recorder.ts';
import type { Running } from '../touch/run.ts';
import { type ApplicationLoader, askApplication, createLoader } from './app/ask.ts';
import { warmUp } from './app/warm-up.ts';
import { buildSite } from './build-site.ts';
import { type BaitFacts, baitFacts } from './facts.ts';
import { httpDate } from './http/date.ts';
import { startHttpServer } from './http/server.ts';
import { startLure } from './lure.ts';
import { newCounters } from './serve/status.ts';
import type { DashboardSettings } from './settings.ts';
import { createLureObserver } from './touches/lure.ts';
import { createDashboardObserver } from './touches/observer.ts';

/** So long after the ports listen the application loads: a start is quick, and so is the first answer. */
const LOAD_MS = 50;

export interface DashboardParts {
  readonly facts: BaitFacts;
  readonly load: ApplicationLoader;
}

export function dashboardParts(settings: DashboardSettings): DashboardParts {
  const facts = baitFacts(settings);
  return { facts, load: createLoader(facts) };
}

/** Resolves once both ports listen. */
export async function startDashboard(
  settings: DashboardSettings,
  recorder: Pick<Recorder, 'touch' | 'logCredentials'>,
  { facts, load } = dashboardParts(settings),
): Promise<Running> {
  const { bind, debugPort, tlsPort } = settings;
  const place = { site: buildSite(facts), counters: newCounters(), port: debugPort };
  const context = {
    place,
    observer: createDashboardObserver(recorder),
    budget: { used: 0 },
    heads: { used: 0 },
    ask: askApplication(load),
    date: createSecondClock(),
  };
  const http = await startHttpServer({ host: bind, port: debugPort, setting: 'DEBUG_PORT' }, context);
  const lure = await startLure({ host: bind, port: tlsPort, setting: 'TLS_PORT' }, createLureObserver(recorder));
  const ending = new AbortController();
  setTimeout(() => void warmUp(load, ending.signal), LOAD_MS);
  const canaries = facts.canaries;
  return {
    summary: `debug site on port ${debugPort}, silent service on port ${tlsPort}${
      canaries ? '' : '; no SESSION_KEY, so leaks hold no canary credentials'
    }`,
    heartbeat: () => ({
      mode: canaries ? 'canaries' : 'no canaries: SESSION_KEY is not set',
      ports: [debugPort, tlsPort],
      canaries,
    }),
    async close() {
      ending.abort();
      await Promise.all([http.close(), lure.close()]);
    },
  };
}

/** The Date header's text, made anew once a second. */
export function createSecondClock(): () => string {
  let second = -1;
  let text = '';
  return () => {
    const now = Date.now();
    const current = Math.floor(now / 1_000);
    if (current !== second) {
      second = current;
      text = httpDate(now);
    }
    return text;
  };
}
