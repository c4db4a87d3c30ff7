// The site of this install: the embedded files with its names and canaries filled in, and the files that are made, not written.

import { files } from 'embedded:site';
import { createCipheriv } from 'node:crypto';
import { type BaitFacts, BUILD } from './facts.ts';
import { LEAKS } from './leaks.ts';
import { createSite, type Site, type SiteSource } from './serve/site.ts';

const TEXT = /\.(?:html|css|js|map|json|txt|svg)$/;
const EMPTY_DIRECTORIES = ['/empty/', '/backup/', '/.git/refs/heads/'];
const BIG_BYTES = 1024 * 1024;
const KEY_BYTES = 16;
/** Deployments of the persona happened some days after its build. */
const DEPLOY_DAYS = 21;
const DAY_SECONDS = 86_400;

/** What `{{NAME}}` in a file stands for. */
function variablesOf(facts: BaitFacts): Readonly<Record<string, string>> {
  return {
    VERSION: BUILD.version,
    COMMIT: BUILD.commit,
    DEBUG_HOST: facts.debugHost,
    DEBUG_PORT: String(facts.debugPort),
    DB_HOST: facts.dbHost,
    NAMESPACE: facts.namespace,
  };
}

export function buildSite(facts: BaitFacts): Site {
  const variables = variablesOf(facts);
  const sources: SiteSource[] = files.map(({ path, base64 }) => {
    const body = Buffer.from(base64, 'base64');
    return { path, body: TEXT.test(path) ? fill(body, variables) : body };
  });
  for (const { path, render } of LEAKS) sources.push({ path, body: Buffer.from(render(facts), 'utf8') });
  sources.push({ path: '/big.bin', body: noise(facts) });
  const built = Date.parse(BUILD.date) / 1_000;
  return createSite(sources, EMPTY_DIRECTORIES, built + facts.number('deployed', DEPLOY_DAYS * DAY_SECONDS));
}

function fill(body: Buffer, variables: Readonly<Record<string, string>>): Buffer {
  return Buffer.from(
    body.toString('utf8').replace(/\{\{([A-Z_]+)\}\}/g, (whole, name: string) => variables[name] ?? whole),
  );
}

/**
 * A file for measuring throughput: bytes without a pattern, the same at every start. A cipher's key stream, for a loop of our own
 * would wake V8's optimising compilers at start, and their pages stay in memory.
 */
function noise(facts: BaitFacts): Buffer {
  const key = Buffer.from(facts.hex('noise', 2 * KEY_BYTES), 'hex');
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(KEY_BYTES)).update(Buffer.alloc(BIG_BYTES));
}
