// Settings: a wrong value is one clear line that names it and what is allowed.
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { planFor } from '../../alerts/start/plan.ts';
import { identityFrom } from '../../decoys/touch/settings.ts';
import { commandFor } from '../harness/program.ts';

const MACHINE = { hostname: 'laptop', addresses: ['192.0.2.7', '2001:db8::7'], lowestPort: 1_024, isRoot: false };

describe('npm start', () => {
  it('moves the lure to 8443 and says so, for an ordinary user', () => {
    const plan = planFor({}, MACHINE);
    expect(plan.tlsPort).toBe(8_443);
    expect(plan.notes.join('\n')).toMatch(/8443.*root[\s\S]*counters mode/);
  });

  it('keeps 443 for root, and where the machine lets anybody have it', () => {
    expect(planFor({}, { ...MACHINE, isRoot: true }).tlsPort).toBe(443);
    expect(planFor({}, { ...MACHINE, lowestPort: 0 }).tlsPort).toBe(443);
  });

  it('tells app which ports are its siblings’', () => {
    const plan = planFor({ DEBUG_PORT: '18080', DB_PORT: '13306', TLS_PORT: '10443' }, MACHINE);
    expect(plan.decoys[0]?.env.SIBLING_PORTS).toBe('18080,10443,13306,8090');
    expect(plan.address).toBe('192.0.2.7');
  });
});

describe('a wrong value is one line and exit 2', () => {
  it.each([
    ['start', [], { DB_PORT: '70000' }, 'start: DB_PORT="70000": must be a port from 1 to 65535'],
    ['start', [], { WATCH: 'all' }, 'start: WATCH="all": must be one of auto, raw, counters'],
    ['start', [], { BIND: 'localhost' }, 'start: BIND="localhost": must be an IPv4 or IPv6 address'],
    ['start', ['--jsno'], {}, 'start: --jsno: not a flag of npm start; allowed is --json'],
    ['db', [], { DB_PORT: '0' }, 'db: DB_PORT="0": must be a port from 1 to 65535'],
    ['db', [], { LOG_CREDENTIALS: 'no' }, 'db: LOG_CREDENTIALS="no": must be one of true, false'],
    ['dashboard', [], { DEBUG_PORT: 'http' }, 'dashboard: DEBUG_PORT="http": must be a port from 1 to 65535'],
    ['app', [], { WATCH: 'everything' }, 'app: WATCH="everything": must be one of auto, raw, counters'],
    ['app', [], { POD_IPS: '10.0.0.1,x' }, 'app: POD_IPS="10.0.0.1,x": must be IP addresses joined by commas'],
    ['alerts', ['--stdinn'], {}, /^alerts: --stdinn: not a flag of alerts; allowed are --stdin/],
    ['alerts', [], {}, /^alerts: nothing to read: /],
    [
      'alerts',
      ['--file', '/nowhere/at/all', '--once'],
      {},
      /alerts: --file \/nowhere\/at\/all: cannot be read \(ENOENT\)/,
    ],
    ['alerts', ['--stdin', '--rules', '/nowhere'], {}, /^alerts: --rules \/nowhere: there is no such/],
  ] as const)('%s %j %j', (name, args, env, message) => {
    const [file, words] = commandFor(name, { args: [...args] });
    const run = spawnSync(file, words, { env: { PATH: process.env.PATH, ...env }, encoding: 'utf8', timeout: 10_000 });
    expect(run.status).toBe(2);
    expect(run.stdout).toBe('');
    if (typeof message === 'string') expect(run.stderr.trim()).toBe(message);
    else expect(run.stderr.trim()).toMatch(message);
  });

  it('a port in use is named', () => {
    const holder = spawnSync(
      process.execPath,
      [
        '-e',
        `const s = require('node:net').createServer().listen(0, '127.0.0.1', () => {
          const { status, stderr } = require('node:child_process').spawnSync(process.argv[1], [process.argv[2]], {
            env: { DB_PORT: String(s.address().port), BIND: '127.0.0.1' }, encoding: 'utf8', timeout: 10000 });
          process.stdout.write(status + ' ' + s.address().port + ' ' + stderr);
          s.close();
        });`,
        ...[commandFor('db')[0], commandFor('db')[1].at(-1)!],
      ],
      { encoding: 'utf8', timeout: 15_000 },
    );
    expect(holder.stdout).toMatch(/^2 (\d+) db: DB_PORT=\1: the port is already in use; /);
  });
});

it('identity: names of the downward API, with those of the manifests where there are none', () => {
  expect(identityFrom({ POD_IPS: '10.244.1.9,fd00::9' }, 'app')).toMatchObject({
    namespace: 'tigera-internal',
    app: 'tigera-internal-app',
    podIps: ['10.244.1.9', 'fd00::9'],
  });
});
