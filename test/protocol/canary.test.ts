// One install: what the dashboard leaks opens the db decoy, whose touch names the place that leaked it, and the alert is honeypod.canary.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIST } from '../harness/lines.ts';
import { freePort } from '../harness/ports.ts';
import { type Program, startDecoy } from '../harness/program.ts';

const HOST = '127.0.0.1';
const KEY = 'one-key-for-both-decoys';

let dashboard: Program;
let db: Program;
let debugPort: number;
let dbPort: number;

beforeAll(async () => {
  [debugPort, dbPort] = [await freePort(), await freePort()];
  dashboard = await startDecoy('dashboard', {
    env: { BIND: HOST, DEBUG_PORT: String(debugPort), TLS_PORT: String(await freePort()), SESSION_KEY: KEY },
  });
  db = await startDecoy('db', { env: { BIND: HOST, DB_PORT: String(dbPort), SESSION_KEY: KEY } });
});

afterAll(async () => {
  await dashboard?.stop();
  await db?.stop();
});

describe('a leaked credential', () => {
  it('opens the database it was leaked for, and the touch names the place', async () => {
    const vars = (await (await fetch(`http://${HOST}:${debugPort}/debug/vars`)).json()) as { cmdline: string[] };
    const dsn = /^([^:]+):([^@]+)@tcp\([^)]+\)\/(\w+)/.exec(vars.cmdline[vars.cmdline.indexOf('-dsn') + 1]!)!;
    const [, user, password, database] = dsn;
    const connection = await mysql.createConnection({ host: HOST, port: dbPort, user, password, database });
    const [schema] = await connection.query('SELECT DATABASE() AS d, CURRENT_USER() AS u');
    expect(schema).toEqual([{ d: 'dashboard', u: 'dash_vars@%' }]);
    const [tables] = await connection.query('SHOW TABLES');
    expect(tables).toEqual([]);
    const [grants] = await connection.query('SHOW GRANTS');
    expect(JSON.stringify(grants)).toContain('GRANT ALL PRIVILEGES ON `dashboard`.* TO `dash_vars`@`%`');
    await connection.end();
    const login = await db.waitFor(
      ({ event, honeypod }) => event.action === 'mysql-login' && honeypod.canary !== undefined,
    );
    expect(login.honeypod.canary).toBe('/debug/vars');
    expect(login.event.outcome).toBe('success');
    expect(login.threat?.technique?.id).toContain('T1078');
  });

  it('raises honeypod.canary', async () => {
    const login = await db.waitFor(({ honeypod }) => honeypod.canary === '/debug/vars');
    const run = spawnSync(process.execPath, [join(DIST, 'alerts.js'), '--stdin', '--once'], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, METRICS_PORT: '0', PAGE_PORT: '0' },
      input: `${JSON.stringify(login)}\n`,
      timeout: 20_000,
    });
    const raised = run.stdout.split('\n').filter((line) => line.includes('"kind":"alert"'));
    expect(raised.map((line) => JSON.parse(line).rule.name)).toContain('honeypod.canary');
    expect(run.stdout).toContain('/debug/vars');
  });

  it('with another password is refused, and known all the same', async () => {
    const attempt = mysql.createConnection({ host: HOST, port: dbPort, user: 'dash_dump', password: 'guess' });
    await expect(attempt).rejects.toThrow(/Access denied/);
    const login = await db.waitFor(({ honeypod }) => honeypod.canary === '/dump.sql');
    expect(login.event.outcome).toBe('failure');
  });

  it('does not exist where there is no key', async () => {
    const port = await freePort();
    const plain = await startDecoy('db', { env: { BIND: HOST, DB_PORT: String(port) } });
    const root = await mysql.createConnection({ host: HOST, port, user: 'root' });
    const [databases] = await root.query('SHOW DATABASES');
    expect(JSON.stringify(databases)).not.toContain('dashboard');
    const [users] = await root.query('SELECT user FROM mysql.user');
    expect(JSON.stringify(users)).not.toContain('dash_');
    await root.end();
    expect(plain.lines.find(({ event }) => event.action === 'heartbeat')?.honeypod.canaries).toBe(false);
    await plain.stop();
  });
});
