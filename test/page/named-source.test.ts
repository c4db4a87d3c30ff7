// Where the cluster says who had the address, the page says it too: pod, owner, node, how sure; and exceptions can name them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EventDetails } from '../../alerts/page/api.ts';
import { launch, noBrowser, open, picture, type Watched } from '../harness/browser.ts';
import { writeBreakIn } from '../harness/event-archive.ts';
import { createIncident } from '../harness/incident.ts';
import { type PageProgram, startPage } from '../harness/page.ts';
import { titled } from '../harness/tools.ts';

const why = noBrowser();

describe.skipIf(why)(titled('a named source', why), () => {
  const directory = mkdtempSync(join(tmpdir(), 'page-named-'));
  let names: Awaited<ReturnType<typeof writeBreakIn>>;
  let program: PageProgram;
  let browser: Browser;
  let watched: Watched;
  let page: Page;

  beforeAll(async () => {
    names = await writeBreakIn(directory);
    program = await startPage({ args: ['--state', directory] });
    const incident = createIncident();
    incident.heartbeat();
    program.alerts.write(incident.take());
    browser = await launch();
    watched = await open(browser, `${program.url}/events`);
    page = watched.page;
    await page.getByText('3 decoys heard').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.alerts.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is accused by name, the one that did most first, with the next step for it', async () => {
    const first = page.locator('.accused-card').first();
    await first.getByRole('heading', { name: names.cart }).waitFor();
    await first.getByText(`Deny all egress of ${names.cart}`).waitFor();
    for (const words of ['on node-', 'Deployment/', 'LOAD_FILE', 'tried 10 ports'])
      await first.getByText(words).first().waitFor();
    await page.getByRole('heading', { name: names.runner }).waitFor();
    await picture(page, 'named-events');
  });

  it('is found by owner, node and namespace', async () => {
    const [namespace = ''] = names.runner.split('/');
    for (const query of [`q=ns:${namespace}`, `namespace=${namespace}`]) {
      const { rows } = await program.until(`${query}&rule=honeypod.fake.svc`, 1);
      expect(`${rows[0]!.namespace}/${rows[0]!.name}`).toBe(names.runner);
    }
  });

  it('can be excepted by pod, owner, namespace or address, and only by what it has', async () => {
    const { id } = (await program.until('rule=honeypod.vuln.svc', 1)).rows[0]!;
    const details = await program.get<EventDetails>(`/api/event?id=${id}`);
    expect(details.scopes.map(({ scope }) => scope)).toEqual(['pod', 'owner', 'namespace', 'ip']);
    expect((await program.post('/api/exceptions', { event: id, scope: 'node', onlyRule: true })).status).toBe(400);
    await page.goto(`${program.url}/events/${id}`);
    await page.locator('.timeline li').nth(4).waitFor();
    await page.getByText('LOAD_FILE').first().waitFor();
    await picture(page, 'named-details');
    expect(watched.problems).toEqual([]);
  });

  it('stays dismissed and excepted over a restart', async () => {
    const { id } = (await program.until('rule=honeypod.vuln.svc', 1)).rows[0]!;
    await program.post('/api/exceptions', { event: id, scope: 'owner', onlyRule: true, endMs: 0, description: 'kept' });
    const dismissed = await program.get<{ total: number }>('/api/events?state=dismissed');
    expect(dismissed.total).toBe(1);
    await program.alerts.stop();
    program = await startPage({ args: ['--state', directory] });
    await program.until('state=dismissed', 1);
    expect(await program.get('/api/exceptions')).toMatchObject([{ description: 'kept', active: true }]);
  });
});
