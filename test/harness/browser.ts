// Debian's Chromium, driven by playwright-core; a test that needs it is skipped with the reason where it is not.
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { missing } from './tools.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const ARTEFACTS = join(import.meta.dirname, '..', 'artefacts');
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Rules that hold on any of our views; fewer mean that axe did not see the page. */
const RULES_PASSED = 15;

export function noBrowser(): string {
  return missing('chromium');
}

/** With `netns`, inside that network namespace. */
export async function launch(netns?: string): Promise<Browser> {
  const args = process.getuid?.() === 0 ? ['--no-sandbox', ...FLAGS] : FLAGS;
  if (netns === undefined) return chromium.launch({ executablePath: CHROMIUM, args });
  const folder = mkdtempSync(join(tmpdir(), 'page-browser-'));
  const wrapper = join(folder, 'chromium');
  writeFileSync(wrapper, `#!/bin/sh\nexec ip netns exec ${netns} ${CHROMIUM} "$@"\n`);
  chmodSync(wrapper, 0o755);
  const browser = await chromium.launch({ executablePath: wrapper, args });
  browser.on('disconnected', () => rmSync(folder, { recursive: true, force: true }));
  return browser;
}

export interface Watched {
  readonly page: Page;
  /** Errors of scripts, of the console and of the content policy; dialogs that opened; calls to other hosts. */
  readonly problems: string[];
}

export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
}

/** A new page whose every misbehaviour is written down. */
export async function open(
  browser: Browser,
  url: string,
  { width = 1_440, height = 900, dark = false }: View = {},
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    acceptDownloads: true,
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const { host } = new URL(url);
  page.on('request', (request) => {
    if (new URL(request.url()).host !== host) problems.push(`request to ${request.url()}`);
  });
  await page.goto(url);
  return { page, problems };
}

/** Keeps a picture of what is shown, for people. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `page-${name}.png`) });
}

/** Serious and critical violations that axe-core finds, one line each. */
export async function violations(page: Page): Promise<string[]> {
  // The page's policy forbids scripts from elsewhere, so axe runs in a world of its own by the debugger.
  const session = await page.context().newCDPSession(page);
  const { frameTree } = (await session.send('Page.getFrameTree')) as { frameTree: { frame: { id: string } } };
  const { executionContextId } = (await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  })) as { executionContextId: number };
  const run = async (expression: string) => {
    const { result, exceptionDetails } = (await session.send('Runtime.evaluate', {
      expression,
      contextId: executionContextId,
      awaitPromise: true,
      returnByValue: true,
    })) as { result: { value?: unknown }; exceptionDetails?: { text: string } };
    if (exceptionDetails) throw new Error(`axe: ${JSON.stringify(exceptionDetails).slice(0, 400)}`);
    return result.value;
  };
  await run(readFileSync(AXE, 'utf8'));
  const found =
    (await run(`axe.run(document, { resultTypes: ['violations', 'passes'] }).then(({ violations, passes }) => ({
    passed: passes.length,
    serious: violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => impact + ' ' + id + ': ' + nodes.slice(0, 3).map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary).join(' | ')),
  }))`)) as { passed: number; serious: string[] };
  if (found.passed < RULES_PASSED) throw new Error(`axe looked at next to nothing: ${found.passed} rules passed`);
  return found.serious;
}
