// The page over 100,000 stored events: how long its answers take, the browser's share left out, and what memory alerts has.
// Run: npm run build && npx vitest run --config bench/page.config.ts
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { it } from 'vitest';
import { writeArchive } from '../test/harness/event-archive.ts';
import { startPage } from '../test/harness/page.ts';

const EVENTS = 100_000;
const ROUNDS = 20;
const QUERIES = {
  'first rows': '/api/events?limit=100',
  'rows from 99,000 on': '/api/events?limit=100&offset=99000',
  'search of every text': '/api/events?q=pprof&limit=100',
  'by namespace, sorted by source': '/api/events?namespace=shop&sort=source&limit=100',
  'sorted by touches, of all': '/api/events?state=all&sort=count&limit=100',
  'the accused': '/api/summary',
  'values to filter by': '/api/facets',
  'dashboard, 24 h': '/api/dashboard?range=24h',
};

it('answers over 100,000 events', { timeout: 300_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bench-page-'));
  writeArchive({ directory, events: EVENTS, overMs: 6 * 3_600_000 });
  let started = performance.now();
  let page = await startPage({ args: ['--state', directory] });
  await page.until('state=all', EVENTS, 120_000);
  console.log(`first start, rows filled in: ${Math.round(performance.now() - started)} ms`);
  await page.alerts.stop();
  started = performance.now();
  page = await startPage({ args: ['--state', directory] });
  console.log(`next start: ${Math.round(performance.now() - started)} ms`);
  // Touches of before are counted first, in turns between the answers.
  while ((await page.get<{ loading: boolean }>('/api/dashboard?range=1h')).loading) await delay(250);
  for (const [what, path] of Object.entries(QUERIES)) {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const from = performance.now();
      await page.call(path);
      times.push(performance.now() - from);
    }
    times.sort((a, b) => a - b);
    console.log(`${what}: median ${times[ROUNDS / 2]!.toFixed(1)} ms, worst ${times.at(-1)!.toFixed(1)} ms`);
  }
  const status = readFileSync(`/proc/${page.alerts.child.pid}/status`, 'utf8');
  console.log(`alerts ${/VmRSS:\s+(\d+)/.exec(status)?.[1]} kB resident`);
  await page.alerts.stop();
  rmSync(directory, { recursive: true, force: true });
});
