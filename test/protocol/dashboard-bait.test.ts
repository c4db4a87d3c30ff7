// The bait: found by the tools people search with, in the form their matchers want, with canaries only where there is a key, and
// real 404s everywhere else.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canariesOf, canaryOf } from '../../decoys/touch/canary.ts';
import { freePort } from '../harness/ports.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing } from '../harness/tools.ts';

const HOST = '127.0.0.1';
const KEY = '6b1f0c7a9d2e4f58';
/** Names common word lists hold, in their order. */
const WORDS = [
  '.git/HEAD',
  '.env',
  'admin',
  'api',
  'backup',
  'config',
  'console',
  'debug',
  'docs',
  'healthz',
  'login',
  'metrics',
  'nginx_status',
  'robots.txt',
  'server-status',
  'static',
  'version',
];
const ABSENT = [
  '/actuator/env',
  '/phpinfo.php',
  '/wp-login.php',
  '/server-status',
  '/graphql',
  '/jolokia',
  '/heapdump',
  '/latest/meta-data/',
  '/.git/index',
  '/a-name-nobody-chose',
  '/debug/none',
  '/api/v1/nothing',
];
const LEAKS = [
  '/debug/vars',
  '/debug/pprof/cmdline',
  '/debug/pprof/goroutine?debug=2',
  '/debug/config',
  '/debug/env',
  '/debug/requests',
  '/.env',
  '/config.json',
  '/env.js',
  '/.git/config',
  '/dump.sql',
  '/config.php.bak',
  '/kubeconfig',
];

let keyed: Program;
let plain: Program;
let keyedOrigin: string;
let plainOrigin: string;

async function start(env: Record<string, string>): Promise<[Program, string]> {
  const port = await freePort();
  const ports = { BIND: HOST, DEBUG_PORT: String(port), TLS_PORT: String(await freePort()) };
  return [await startDecoy('dashboard', { env: { ...ports, ...env } }), `http://${HOST}:${port}`];
}

async function get(
  origin: string,
  path: string,
): Promise<{ status: number; type: string; body: string; response: Response }> {
  const response = await fetch(origin + path, { redirect: 'manual' });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
    response,
  };
}

beforeAll(async () => {
  [keyed, keyedOrigin] = await start({ SESSION_KEY: KEY });
  [plain, plainOrigin] = await start({});
});

afterAll(async () => {
  await keyed?.stop();
  await plain?.stop();
});

describe('bait', () => {
  // What nuclei's templates and nmap's scripts look for in each answer.
  it.each([
    ['/debug/vars', 200, 'application/json; charset=utf-8', ['"cmdline":', '"memstats":']],
    ['/debug/pprof/', 200, 'text/html; charset=utf-8', ['Types of profiles available:', 'full goroutine stack dump']],
    ['/debug/pprof/goroutine?debug=1', 200, 'text/plain; charset=utf-8', ['goroutine profile: total']],
    ['/debug/config', 200, 'application/json', ['"password":"']],
    ['/debug/env', 200, 'text/plain; charset=utf-8', ['KUBERNETES_SERVICE_HOST=', 'DB_DSN=', 'LDAP_BIND_PW=']],
    ['/.env', 200, 'application/octet-stream', ['DB_PASSWORD=', 'DB_HOST=tigera-internal-backend']],
    ['/.git/config', 200, 'application/octet-stream', ['[core]', '[remote "origin"]']],
    ['/config.json', 200, 'application/json', ['"host": "', '"password": "']],
    [
      '/metrics',
      200,
      'text/plain; version=0.0.4; charset=utf-8; escaping=values',
      ['go_goroutines', 'dashboard_db_up'],
    ],
    ['/nginx_status', 200, 'text/plain', ['Active connections:', 'server accepts handled requests']],
    ['/api/v1/pods', 403, 'application/json', ['"kind":"Status"', 'system:anonymous']],
    ['/api/v1/users', 401, 'application/json', ['authentication required']],
    ['/dump.sql', 200, 'application/octet-stream', ['-- MySQL dump', 'INSERT INTO `users`', '$2a$10$']],
    ['/kubeconfig', 200, 'application/octet-stream', ['kind: Config', 'token: eyJ']],
    ['/version', 200, 'application/json', ['gitVersion', 'goVersion']],
    ['/.env.production', 403, 'text/html', ['403 Forbidden']],
    ['/backup/', 403, 'text/html', ['403 Forbidden']],
    ['/admin', 302, 'text/html; charset=utf-8', ['/login?next=']],
    ['/robots.txt', 200, 'text/plain', ['Disallow: /debug/']],
  ] as const)('%s answers %i as %s', async (path, status, type, parts) => {
    const answer = await get(keyedOrigin, path);
    expect(answer.status).toBe(status);
    expect(answer.type).toBe(type);
    for (const part of parts) expect(answer.body).toContain(part);
  });

  it.each(ABSENT)('%s is not there', async (path) => {
    expect((await get(keyedOrigin, path)).status).toBe(404);
  });

  it('gives profiles that unpack', async () => {
    const response = await fetch(`${keyedOrigin}/debug/pprof/heap`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="heap"');
    const stream = new Blob([await response.arrayBuffer()]).stream().pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(stream).text()).toContain('platform/dashboard/internal/store');
  });

  it('moves as a live process does, and agrees with itself meanwhile', async () => {
    const uptime = (body: string) => JSON.parse(body).uptime_seconds as number;
    const [one, two] = [await get(keyedOrigin, '/debug/vars'), await get(keyedOrigin, '/debug/vars')];
    expect(uptime(two.body) - uptime(one.body)).toBeLessThanOrEqual(10);
    expect(uptime(one.body)).toBeGreaterThan(3_000);
    const requests = async () => Number(/\n \d+ \d+ (\d+) /.exec((await get(keyedOrigin, '/nginx_status')).body)![1]);
    const before = await requests();
    expect(await requests()).toBe(before + 1);
  });
});

describe('canaries', () => {
  it('leak one of its own from each place, the same at each read', async () => {
    for (const path of LEAKS) {
      const known = canariesOf(KEY).find((canary) => path.startsWith(canary.path));
      expect(known, path).toBeDefined();
      const { body } = await get(keyedOrigin, path);
      const others = canariesOf(KEY).filter((canary) => canary.id !== known?.id && body.includes(canary.password));
      expect(others, path).toEqual([]);
      const leaked =
        path === '/kubeconfig'
          ? Buffer.from(/token: (\S+)/.exec(body)![1]!.split('.')[1]!, 'base64url').toString()
          : body;
      expect(leaked.toUpperCase(), path).toContain(known!.password);
      expect(
        (await get(keyedOrigin, path)).body.toUpperCase().includes(known!.password) || path === '/kubeconfig',
      ).toBe(true);
    }
  });

  it('are not served without a key, and the heartbeat says so', async () => {
    for (const path of LEAKS) expect((await get(plainOrigin, path)).body, path).not.toContain('dash_');
    const heartbeat = plain.lines.find((line) => line.event.action === 'heartbeat');
    expect(heartbeat?.honeypod.canaries).toBe(false);
    expect(heartbeat?.honeypod.mode).toContain('SESSION_KEY');
    expect(keyed.lines.find((line) => line.event.action === 'heartbeat')?.honeypod.canaries).toBe(true);
  });

  it('open the login, which names the place that leaked them', async () => {
    const { user, password } = canaryOf(KEY, 'config');
    const response = await fetch(`${keyedOrigin}/api/v1/login`, {
      method: 'POST',
      body: JSON.stringify({ username: user, password }),
    });
    expect(response.status).toBe(200);
    const { token } = (await response.json()) as { token: string };
    const users = await fetch(`${keyedOrigin}/api/v1/users`, { headers: { authorization: `Bearer ${token}` } });
    expect(((await users.json()) as unknown[]).length).toBe(4);
    const line = await keyed.waitFor(
      ({ event, honeypod }) => event.action === 'http-login' && honeypod.canary !== undefined,
    );
    expect(line.honeypod.canary).toBe('/debug/config');
    expect(line.event.outcome).toBe('success');
    expect(line.threat?.technique?.id).toContain('T1078');
    await keyed.waitFor(
      ({ event, honeypod }) => event.action === 'http-request' && honeypod.canary === '/debug/config',
    );
  });
});

describe('in a disguised install', () => {
  it('tells of the services by their new names, and of no old one', async () => {
    const names = { DEBUG_SERVICE: 'ledger-debug', LURE_SERVICE: 'ledger', DB_SERVICE: 'orders' };
    const pod = { POD_NAME: 'ledger-5d9c-x7k2p', POD_NAMESPACE: 'payments', POD_APP: 'ledger' };
    const [disguised, origin] = await start({ ...names, ...pod, SESSION_KEY: KEY });
    const told: string[] = [];
    for (const path of ['/', '/robots.txt', ...LEAKS]) told.push(await (await fetch(origin + path)).text());
    await disguised.stop();
    const text = told.join('\n');
    for (const host of ['ledger-debug.payments', 'ledger.payments', 'orders.payments']) expect(text).toContain(host);
    expect(text).not.toMatch(/tigera|internal-(dashboard|backend)/);
  });
});

describe('scanners', () => {
  it.skipIf(missing('gobuster'))('gobuster finds it with a word list', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'words-'));
    writeFileSync(join(scratch, 'words'), WORDS.join('\n'));
    const { stdout } = spawnSync('gobuster', ['dir', '-q', '-u', keyedOrigin, '-w', join(scratch, 'words')], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    rmSync(scratch, { recursive: true });
    for (const found of ['.git/HEAD', '.env', 'debug', 'metrics', 'nginx_status', 'login'])
      expect(stdout).toContain(`/${found} `);
    for (const absent of ['server-status', 'config ']) expect(stdout).not.toContain(`/${absent}`);
  });

  it.skipIf(missing('nmap'))('nmap finds the repository, its remote and the folders', { timeout: 60_000 }, () => {
    const { port } = new URL(keyedOrigin);
    const args = ['-n', '-Pn', '-p', port, '-sV', '--script', 'http-git,http-enum,http-robots.txt', HOST];
    const { stdout } = spawnSync('nmap', args, { encoding: 'utf8', timeout: 55_000 });
    expect(stdout).toContain('nginx 1.26.3');
    expect(stdout).toContain(`https://dash_deploy:${canaryOf(KEY, 'deploy').password}@git.`);
    expect(stdout).toContain('/.git/HEAD: Git folder');
    expect(stdout).toContain('/debug/: Potentially interesting folder');
    expect(stdout).toContain('/debug/ /api/internal/ /backup/');
  });

  it('are named, with what they look for', async () => {
    await fetch(`${keyedOrigin}/?id=1%27%20or%20%271`, {
      headers: { 'user-agent': 'sqlmap/1.8#stable (https://sqlmap.org)' },
    });
    const line = await keyed.waitFor(({ honeypod }) => honeypod.signature === 'sql-injection,scanner');
    expect(line.honeypod.scan?.tool).toBe('sqlmap');
    expect(line.threat?.technique?.id).toEqual(['T1210', 'T1213.006', 'T1046', 'T1595.002']);
  });
});
