// What an intruder writes stays text: in every field of a touch, in every view of the page.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, noBrowser, open, picture } from '../harness/browser.ts';
import { createIncident, type Words } from '../harness/incident.ts';
import { type PageProgram, startPage } from '../harness/page.ts';
import { titled } from '../harness/tools.ts';

const why = noBrowser();
const INTRUDER = '10.66.6.6';
/** Each would set window.owned or open a dialog if it were ever taken for markup, an address or a script. */
const HOSTILE = [
  '<script>window.owned=1</script>',
  '<img src=x onerror="window.owned=1">',
  '"><svg/onload=alert(1)>',
  "'-alert(1)-'",
  'javascript:alert(1)',
  '</textarea></title><iframe srcdoc="<script>parent.owned=1</script>">',
  '{{constructor.constructor("window.owned=1")()}}',
  '<a href="javascript:alert(1)" autofocus onfocus=alert(1)>x</a>',
  '\u202egnp.exe\u0000\u001b[31m\u2028',
  '__proto__',
];
const FIELDS: readonly (keyof Words)[] = [
  'user',
  'password',
  'statement',
  'path',
  'userAgent',
  'header',
  'serverName',
  'payload',
  'signature',
];

describe.skipIf(why)(titled('hostile text', why), () => {
  let program: PageProgram;
  let browser: Browser;

  beforeAll(async () => {
    program = await startPage();
    browser = await launch();
    const incident = createIncident();
    for (const [at, text] of HOSTILE.entries()) {
      // A password of its own: what equals one is hidden everywhere else.
      const words = { ...(Object.fromEntries(FIELDS.map((field) => [field, text])) as Words), password: `pw ${text}` };
      const ip = `${INTRUDER.slice(0, -1)}${at + 1}`;
      incident.request(ip, words);
      incident.hello(ip, words);
      incident.login(ip, words);
      incident.query(ip, words);
      incident.scan(ip, [1, 2, 3, 4, 5], text);
    }
    program.alerts.write(incident.take());
    await program.until('rule=honeypod.vuln.svc', HOSTILE.length);
  });

  afterAll(async () => {
    await browser?.close();
    await program?.alerts.stop();
  });

  it('does nothing in the table, the details, the timeline, the dashboard and the search', {
    timeout: 60_000,
  }, async () => {
    const { rows } = await program.get<{ rows: { id: string }[] }>('/api/events?state=all&limit=200');
    expect(rows.length).toBeGreaterThan(HOSTILE.length * 3);
    const { page, problems } = await open(browser, `${program.url}/events`);
    await page.locator('.rows .row[data-id]').first().waitFor();
    await picture(page, 'hostile-events');
    const search = page.getByLabel('Search events');
    for (const text of HOSTILE) {
      await search.fill(text);
      await page.waitForTimeout(30);
    }
    for (const { id } of rows) {
      await page.evaluate(`history.pushState(null, '', '/events/${id}'); dispatchEvent(new PopStateEvent('popstate'))`);
      await page.locator('.timeline li').first().waitFor();
    }
    await page.getByRole('button', { name: 'Show secrets' }).click();
    for (const summary of await page.locator('.details summary').all()) await summary.click();
    await picture(page, 'hostile-details');
    await page.getByRole('link', { name: 'Honeypod Dashboard' }).click();
    await page.locator('.bars li').first().waitFor();
    await page.getByText('<script>window.owned=1</script>').first().waitFor();
    await picture(page, 'hostile-dashboard');
    expect(await page.evaluate('"owned" in window')).toBe(false);
    expect(
      await page
        .locator('script:not([src^="/assets/"]), iframe, object, embed, #app img, #app [onerror], #app [onload]')
        .count(),
    ).toBe(0);
    expect(await page.locator('a[href^="javascript:" i]').count()).toBe(0);
    expect(problems).toEqual([]);
  });

  it('shows characters that reorder or hide as what they are', async () => {
    const id = (await program.get<{ rows: { id: string }[] }>('/api/events?rule=honeypod.vuln.svc&q=gnp.exe')).rows[0]!
      .id;
    const { page, problems } = await open(browser, `${program.url}/events/${id}`);
    await page.locator('.timeline li').first().waitFor();
    const shown = await page.locator('.details').textContent();
    expect(shown).toContain('\\u202egnp.exe');
    expect(shown).not.toMatch(/[\u202a-\u202e\u2066-\u2069\u001b]/);
    expect(problems).toEqual([]);
  });
});
