// The page of the real `npm start` in a real browser, under real attacks from a second host, and the self-test of each decoy.
import { spawnSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, noBrowser, open, picture, type Watched } from '../harness/browser.ts';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Product, startProduct } from '../harness/product.ts';
import { commandFor } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';

const why = noNetns() || noBrowser() || missing('ping', 'nmap', 'curl', 'mariadb');
const URL = 'http://127.0.0.1:8090';
const ROW = '.rows .row[data-id]';
const APPEARS_MS = 1_000;
/** nmap's connection and the browser share two cores with three decoys; a command's own time is not the page's. */
const COMMAND_MS = 2_000;

describe.skipIf(why)(titled('npm start in Chromium', why), () => {
  let network: Network;
  let product: Product;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let host: string;

  const row = (rule: string) => page.locator(ROW, { hasText: rule });
  const attack = (...command: string[]) => network.attack(command, 60_000);

  beforeAll(async () => {
    network = createNetwork('page');
    host = network.decoy.ip;
    product = await startProduct({ netns: network.decoy.netns });
    browser = await launch(network.decoy.netns);
    watched = await open(browser, `${URL}/`);
    page = watched.page;
    await page.getByText('3 decoys heard').waitFor();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await product?.stop();
    network?.remove();
  });

  it('is one of the things npm start tells', () => {
    expect(product.stderr.join('\n')).toContain('http://127.0.0.1:8090');
  });

  it('is no touch itself: the browser’s own packets are nobody’s', async () => {
    await page.reload();
    await page.getByText('Nothing to look at').waitFor();
    expect(product.alerts).toEqual([]);
  });

  it.each([
    ['honeypod.ip.enum', () => ['ping', '-c1', host]],
    [
      'honeypod.fake.svc',
      () => [
        'curl',
        '-sm3',
        '-H',
        'X-A: <img src=x onerror=alert(1)>',
        `http://${host}:8080/debug/<script>alert(1)</script>`,
      ],
    ],
    ['honeypod.lure.svc', () => ['curl', '-km1', `https://${host}`]],
    ['honeypod.vuln.svc', () => ['mariadb', '--skip-ssl', '-h', host, '-u', 'root', '-e', "SELECT '<b>x</b>'"]],
  ])('shows %s within a second of the touch, without reload', async (rule, command) => {
    const before = product.alerts.length;
    attack(...command());
    const alert = await product.alert(rule, before);
    await row(rule).waitFor({ timeout: 5_000 });
    // The attack's own process ran in between; what counts is from the alert line to the screen.
    expect(Date.now() - alert.atMs).toBeLessThan(APPEARS_MS + COMMAND_MS);
  });

  it('names a scan, and tells the whole story of its source first', async () => {
    attack('nmap', '-Pn', '-n', '-p', '1-200', host);
    await row('honeypod.port.scan').waitFor({ timeout: 15_000 });
    const card = page.locator('.accused-card', { hasText: network.attacker.ip });
    await card.getByText(/SELECT '<b>x<\/b>'/).waitFor();
    await picture(page, 'start-events');
  });

  it('shows on the dashboard what was tried, by decoy', async () => {
    await page.getByRole('link', { name: 'Honeypod Dashboard' }).click();
    const panel = (title: string) => page.locator('.panel', { has: page.getByRole('heading', { name: title }) });
    await panel('Users tried').getByText('root').waitFor();
    await panel('Paths requested').getByText('<script>').waitFor();
    await panel('SQL statements').getByText("SELECT '<b>x</b>'").waitFor();
    await panel('Top sources by decoy').getByText(network.attacker.ip).waitFor();
    expect(await panel('Source × decoy').locator('tbody tr').first().locator('td').allTextContents()).toSatisfy(
      (cells: string[]) => cells.every((cell) => cell !== ''),
    );
    expect(await panel('Decoys').locator('tbody tr').count()).toBe(3);
    await page.getByRole('button', { name: '15m' }).click();
    await expect.poll(() => page.url()).toContain('range=15m');
    await picture(page, 'start-dashboard');
  });

  it('proves every decoy, marked by the connection alone, apart from the intruder’s events', async () => {
    await page.getByRole('link', { name: 'Security Events' }).click();
    await row('honeypod.ip.enum').waitFor();
    // The attack before may still be telling: count once nothing is added any more.
    await page.waitForTimeout(1_500);
    const before = await page.locator(ROW).count();
    await page.getByRole('button', { name: 'Prove it' }).click();
    await page.getByText('3 of 3 decoys proven').waitFor({ timeout: 20_000 });
    expect(
      await page
        .locator('.proofs')
        .getByText(/alerted in \d+ ms/)
        .count(),
    ).toBe(3);
    await picture(page, 'start-proven');
    await page.getByRole('button', { name: 'Close' }).click();
    const proven = product.alerts.filter(({ line }) => line.honeypod.source.kind === 'self-test');
    expect(new Set(proven.map(({ line }) => line.honeypod.decoy))).toEqual(new Set(['app', 'dashboard', 'db']));
    expect(await page.locator(ROW).count()).toBe(before);
    await page.getByLabel('State', { exact: true }).selectOption('self-test');
    await expect.poll(() => page.locator(ROW).count()).toBe(proven.length);
  });

  it('takes no touch for a self-test that an intruder dresses as one', async () => {
    const marked = product.alerts.filter(({ line }) => line.honeypod.source.kind === 'self-test').length;
    const last = product.touches.filter(({ line }) => line.honeypod.decoy === 'dashboard').at(-1)!.line;
    attack(
      'curl',
      '-sm3',
      '-A',
      'self-test',
      '--local-port',
      String(last.source?.port ?? 30_000),
      `http://${host}:8080/self-test`,
    );
    await expect
      .poll(() => product.touches.some(({ line }) => line.url?.path === '/self-test'), { timeout: 5_000 })
      .toBe(true);
    expect(product.alerts.filter(({ line }) => line.honeypod.source.kind === 'self-test').length).toBe(marked);
  });

  it('is proven from the command line too: one line a decoy, exit 0', () => {
    const [file, words] = commandFor('alerts', { args: ['prove'], netns: network.decoy.netns });
    const run = spawnSync(file, words, { encoding: 'utf8', timeout: 30_000 });
    expect(run.stderr).toBe('');
    expect(run.stdout.trim().split('\n')).toHaveLength(3);
    for (const line of run.stdout.trim().split('\n'))
      expect(line).toMatch(/^proven {2}(app|dashboard|db) .* security event after \d+ ms/);
    expect(run.status).toBe(0);
  });

  it('says in one line where no page answers, and ends with 2', () => {
    const [file, words] = commandFor('alerts', { args: ['prove'], netns: network.attacker.netns });
    const run = spawnSync(file, words, { encoding: 'utf8', timeout: 30_000 });
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(
      /^alerts: prove: no page of alerts answers at http:\/\/127\.0\.0\.1:8090 \(ECONNREFUSED\).*\n$/,
    );
  });

  it('cannot be reached from another host', () => {
    expect(attack('curl', '-sm2', `http://${host}:8090/`).status).toBe(7);
  });

  it('made no error, opened no dialog and called no other host', () => {
    expect(watched.problems).toEqual([]);
  });
});
