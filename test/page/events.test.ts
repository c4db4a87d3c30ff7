// Security Events in a real browser: what comes appears by itself, and all that can be done with it works, by mouse and by keyboard.
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, noBrowser, open, picture, violations, type Watched } from '../harness/browser.ts';
import { createIncident } from '../harness/incident.ts';
import { type PageProgram, startPage } from '../harness/page.ts';
import { titled } from '../harness/tools.ts';

const why = noBrowser();
const INTRUDER = '10.244.3.17';
const OTHER = '10.244.7.80';
const PASSWORD = 'Tr0ub4dor&3';
const APPEARS_MS = 1_000;

const ROW = '.rows .row[data-id]';

describe.skipIf(why)(titled('Security Events in Chromium', why), () => {
  const incident = createIncident();
  let program: PageProgram;
  let browser: Browser;
  let watched: Watched;
  let page: Page;

  const send = () => program.alerts.write(incident.take());
  const rowsShown = () => page.locator(ROW).count();
  const row = (text: string) => page.locator(ROW, { hasText: text });

  beforeAll(async () => {
    program = await startPage();
    browser = await launch();
    watched = await open(browser, `${program.url}/`);
    page = watched.page;
    await page.getByText('Nothing to look at').waitFor();
  });

  afterAll(async () => {
    await browser?.close();
    await program?.alerts.stop();
  });

  it('says on an empty page that nothing happened, and what to try once decoys are heard', async () => {
    expect(await page.getByText('No decoy has been heard yet').isVisible()).toBe(true);
    incident.heartbeat();
    send();
    await page.getByText('3 decoys heard').waitFor();
    await page.getByText('ping -c1 10.244.1.9').waitFor();
    await page.getByText('curl http://10.244.2.31:8080/debug/').waitFor();
    await picture(page, 'empty');
  });

  it('shows an event within a second of its touch, without reload', async () => {
    await page.evaluate('window.kept = true');
    const started = performance.now();
    incident.ping(INTRUDER);
    send();
    await row('honeypod.ip.enum').waitFor({ timeout: 5_000 });
    expect(performance.now() - started).toBeLessThan(APPEARS_MS);
    expect(await page.evaluate('"kept" in window')).toBe(true);
  });

  it('answers on the first screen who, what and what now', async () => {
    incident.scan(INTRUDER, [22, 23, 80, 443, 3306, 5432], 'nmap');
    incident.request(INTRUDER, { path: '/debug/pprof/' });
    incident.login(INTRUDER, { user: 'admin', password: PASSWORD });
    incident.query(INTRUDER, { statement: 'SELECT user FROM mysql.user' });
    incident.request(OTHER, { path: '/actuator/env', userAgent: 'python-requests/2.32' });
    send();
    const card = page.locator('.accused-card', { hasText: INTRUDER });
    await card.getByText('SELECT user FROM mysql.user').waitFor();
    const box = await card.boundingBox();
    expect(box!.y + box!.height).toBeLessThan(900);
    await card.getByText(`Find out what ${INTRUDER} is`).waitFor();
    await row('honeypod.fake.svc').first().waitFor();
    await picture(page, 'events');
  });

  it('filters by state, severity, alert, decoy and words, and keeps the filter in the address', async () => {
    await page.getByLabel('decoy', { exact: true }).selectOption('db');
    await expect
      .poll(() => page.locator(`${ROW} .cell.decoy`).allInnerTexts())
      .toSatisfy((all: string[]) => all.length > 0 && all.every((text) => text.trim() === 'db'));
    expect(new URL(page.url()).search).toBe('?decoy=db');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.getByLabel('Severity', { exact: true }).selectOption('high');
    await expect
      .poll(() => page.locator(`${ROW} .severity-word`).allInnerTexts())
      .toSatisfy((all: string[]) => all.every((text) => text === 'high'));
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.keyboard.press('/');
    await page.keyboard.type(`ip:${OTHER}`);
    await expect.poll(rowsShown).toBe(1);
    await page.reload();
    await expect.poll(rowsShown).toBe(1);
    expect(await page.getByLabel('Search events').inputValue()).toBe(`ip:${OTHER}`);
    await page.getByLabel('Search events').fill('nothing-like-this');
    await page.getByText('No event fits this filter').waitFor();
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect.poll(rowsShown).toBeGreaterThan(3);
  });

  it('sorts by a column, both ways', async () => {
    await page.getByRole('button', { name: 'Touches' }).click();
    const counts = async () =>
      (await page.locator(`${ROW} .cell.count`).allInnerTexts()).map((text) => Number.parseInt(text, 10));
    await expect
      .poll(counts)
      .toSatisfy((all: number[]) => all.length > 3 && all.every((count, at) => at === 0 || count <= all[at - 1]!));
    await page.getByRole('button', { name: /Touches/ }).click();
    await expect.poll(counts).toSatisfy((all: number[]) => all.every((count, at) => at === 0 || count >= all[at - 1]!));
    expect(await page.locator('[aria-sort=ascending]').textContent()).toContain('Touches');
    await page.goto(`${program.url}/events`);
  });

  it('opens the details by keyboard, masks secrets until asked, and comes back to the row', async () => {
    await row('honeypod.vuln.svc').focus();
    await page.keyboard.press('Enter');
    const details = page.locator('.details');
    await details.getByText('What to do now').waitFor();
    for (const words of ['Accused', 'Impacted', 'T1213', 'vector: network', 'Timeline'])
      await details.getByText(words).first().waitFor();
    await details.locator('.timeline li').nth(1).waitFor();
    expect(await page.content()).not.toContain(PASSWORD);
    await picture(page, 'details');
    await details.getByRole('button', { name: 'Show secrets' }).click();
    await details.getByText(PASSWORD).first().waitFor();
    await details.getByRole('button', { name: 'Hide secrets' }).click();
    await expect.poll(() => page.content()).not.toContain(PASSWORD);
    const technique = details.getByRole('link', { name: /T1213/ });
    expect(await technique.getAttribute('href')).toBe('https://attack.mitre.org/techniques/T1213/');
    await page.keyboard.press('Escape');
    await details.waitFor({ state: 'detached' });
    expect(await page.evaluate('document.activeElement?.textContent')).toContain('honeypod.vuln.svc');
  });

  it('has a link to each event that works on its own', async () => {
    await row('honeypod.port.scan').click();
    await page.locator('.details-title').waitFor();
    const other = await open(browser, page.url());
    await other.page.locator('.details-title', { hasText: 'port scan' }).waitFor();
    expect(other.problems).toEqual([]);
    await other.page.context().close();
    await page.keyboard.press('Escape');
  });

  it('dismisses several and takes it back', async () => {
    const before = await rowsShown();
    for (const at of [0, 1]) await page.locator(`${ROW} input[type=checkbox]`).nth(at).click();
    await page.getByText('2 events selected').waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('2 events dismissed').waitFor();
    await expect.poll(rowsShown).toBe(before - 2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(rowsShown).toBe(before);
  });

  it('dismisses everything of a filter, by keyboard too', async () => {
    const before = await rowsShown();
    await page.getByLabel('Select every event of this filter').click();
    await page.getByText(`${before} events selected`).waitFor();
    await page.getByRole('toolbar').getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('Nothing to look at').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(rowsShown).toBe(before);
    await page.locator(ROW).first().focus();
    await page.keyboard.press('j');
    await page.keyboard.press('d');
    await expect.poll(rowsShown).toBe(before - 1);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(rowsShown).toBe(before);
  });

  it('exports what is filtered', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('.filters').getByRole('link', { name: 'CSV' }).click(),
    ]);
    const text = readFileSync(await download.path(), 'utf8');
    expect(text.split('\r\n').length).toBe((await rowsShown()) + 2);
  });

  it('adds an exception from the details: what follows is counted without an alert, until it is ended', async () => {
    await page.locator(ROW, { hasText: 'honeypod.fake.svc' }).filter({ hasText: OTHER }).click();
    await page.getByRole('button', { name: 'Add exception…' }).click();
    await page.getByLabel('Because').fill('our own <b>scanner</b>');
    await picture(page, 'exception');
    await page.getByRole('button', { name: 'Add exception', exact: true }).click();
    await page.getByText('Exception added').waitFor();
    await page.keyboard.press('Escape');
    const alerts = program.alerts.alerts.length;
    incident.request(OTHER, { path: '/again' });
    send();
    await program.until('state=excepted', 1);
    expect(program.alerts.alerts.slice(alerts).filter((line) => line.source.ip === OTHER)).toEqual([]);
    await page.getByRole('link', { name: 'Exceptions' }).click();
    await page.getByText('our own <b>scanner</b>').waitFor();
    expect(await violations(page)).toEqual([]);
    await picture(page, 'exceptions');
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('No exception is in force').waitFor();
  });

  it.each([
    ['light', false, 1_440],
    ['dark', true, 1_440],
    ['small', false, 390],
  ] as const)('has no serious accessibility violation: %s', async (name, dark, width) => {
    const view = { dark, width, height: width === 390 ? 844 : 900 };
    const id = (await program.until('rule=honeypod.vuln.svc', 1)).rows[0]!.id;
    for (const [what, path, ready] of [
      ['events', '/events', ROW],
      ['details', `/events/${id}`, '.timeline li'],
      ['dashboard', '/dashboard', '.panels .bars li'],
    ] as const) {
      const other = await open(browser, program.url + path, view);
      await other.page.locator(ready).first().waitFor();
      expect(await violations(other.page), `${what} ${name}`).toEqual([]);
      expect(await other.page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await picture(other.page, `${what}-${name}`);
      expect(other.problems).toEqual([]);
      await other.page.context().close();
    }
  });

  it('remembers the colours that were chosen', async () => {
    await page.goto(`${program.url}/events`);
    await page.getByRole('button', { name: /^Colours/ }).click();
    await page.getByRole('button', { name: /^Colours: Light/ }).click();
    await page.reload();
    await page.getByRole('button', { name: /^Colours: Dark/ }).waitFor();
    expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark');
  });

  it('says that the connection is lost, and lives again without reload when alerts is back', async () => {
    const { port, alerts } = program;
    await alerts.stop();
    await page.getByText('connection lost').waitFor({ timeout: 10_000 });
    const { startAlerts } = await import('../harness/alerts-program.ts');
    const next = startAlerts({ args: ['--stdin'], env: { PAGE_PORT: String(port) } });
    program = { ...program, alerts: next };
    await next.said('page: http');
    await page.locator('.link.live').waitFor({ timeout: 10_000 });
    incident.ping(OTHER);
    send();
    await row('honeypod.ip.enum').waitFor({ timeout: 5_000 });
  });

  it('made no error, opened no dialog and called no other host', () => {
    const expected = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/;
    expect(watched.problems.filter((problem) => !expected.test(problem))).toEqual([]);
  });
});
