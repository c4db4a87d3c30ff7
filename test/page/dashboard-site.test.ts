// The dashboard's site in a real browser: it looks like a product a platform team runs, and nothing is wrong in its console.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../harness/ports.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';

const HOST = '127.0.0.1';
const ARTEFACTS = join(import.meta.dirname, '..', 'artefacts');
const reason = missing('chromium');

describe.skipIf(reason)(titled('the site in a browser', reason), () => {
  let decoy: Program;
  let browser: Browser;
  let origin: string;

  beforeAll(async () => {
    const port = await freePort();
    origin = `http://${HOST}:${port}`;
    decoy = await startDecoy('dashboard', {
      env: {
        BIND: HOST,
        DEBUG_PORT: String(port),
        TLS_PORT: String(await freePort()),
        SESSION_KEY: 'a-key-for-this-test',
      },
    });
    browser = await chromium
      .launch({ executablePath: 'chromium', args: ['--no-sandbox'] })
      .catch(() => chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] }));
    mkdirSync(ARTEFACTS, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
    await decoy?.stop();
  });

  it.each(['light', 'dark'] as const)('shows workloads, nodes and deploys in %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 860 } });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() !== 'log' && message.type() !== 'info') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.url()} ${response.status()}`);
    });
    await page.goto(`${origin}/`);
    await page.waitForSelector('#workloads tbody tr');
    expect(await page.title()).toBe('Overview · Platform');
    expect(await page.textContent('#health')).toBe('healthy');
    expect(await page.textContent('#nodes-ready')).toBe('5 / 5');
    expect(await page.locator('#workloads tbody tr').count()).toBe(8);
    expect(await page.locator('#nodes meter').count()).toBe(5);
    await page.screenshot({ path: join(ARTEFACTS, `dashboard-${colorScheme}.png`) });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('refuses a sign-in as a product would, and keeps what was tried', async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/admin`);
    expect(page.url()).toBe(`${origin}/login?next=%2Fadmin`);
    await page.fill('[name=username]', 'admin');
    await page.fill('[name=password]', 'letmein');
    await page.click('button');
    await page.waitForSelector('[role=alert]:not([hidden])');
    expect(await page.textContent('[role=alert]')).toBe('invalid username or password');
    await page.screenshot({ path: join(ARTEFACTS, 'dashboard-login.png') });
    const login = await decoy.waitFor(({ event }) => event.action === 'http-login');
    expect(login.honeypod.credential).toEqual({ user: 'admin', password: 'letmein' });
    await page.close();
  });

  it('leads from the page to the debug endpoints', async () => {
    const page = await browser.newPage();
    await page.goto(`${origin}/`);
    expect(await page.content()).toContain('debug: :8888/debug/');
    const map = await page.request.get(`${origin}/assets/main.js.map`);
    expect((await map.json()).sourcesContent.join('\n')).toContain(
      'tigera-dashboard-internal-debug.tigera-internal:8888/debug/',
    );
    await page.goto(`${origin}/debug/`);
    await page.click('text=pprof');
    expect(await page.textContent('body')).toContain('Types of profiles available:');
    await page.close();
  });
});
