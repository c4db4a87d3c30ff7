// What `alerts` keeps: through kill -9, a broken file, a disk that is full or read-only, and a second program that wants it too.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { AlertLine } from '../../alerts/events/alert-line.ts';
import { openState } from '../../alerts/state/state.ts';
import { type AlertsOptions, type AlertsProgram, startAlerts } from '../harness/alerts-program.ts';
import { startReceiver } from '../harness/receiver.ts';
import { titled } from '../harness/tools.ts';
import { touchStream } from '../harness/touch-stream.ts';
import { touchText } from '../harness/touch-text.ts';

const root = mkdtempSync(join(tmpdir(), 'alerts-state-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const RULES = ['--rules', join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml')];

function start({ args }: AlertsOptions): AlertsProgram {
  return startAlerts({ args: [...args, ...RULES] });
}

let made = 0;
function place(): { file: string; state: string } {
  made += 1;
  const directory = join(root, String(made));
  mkdirSync(directory);
  const file = join(directory, 'decoy.log');
  writeFileSync(file, '');
  return { file, state: join(directory, 'state') };
}

function read(state: string, sql: string): Record<string, unknown>[] {
  const database = new DatabaseSync(join(state, 'alerts.db'), { readOnly: true });
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

const DB = { decoy: 'db', port: 3306 } as const;

describe('kill -9', () => {
  it('at 50 random moments under load loses no touch, counts none twice and delivers every event under one id', async () => {
    const { file, state } = place();
    const sources = 60;
    const next = touchStream({ ...DB, sourceOf: (at) => `10.9.${Math.floor(at / 20) % sources}.${at % 7}` });
    const written = new Map<string, number>();
    let lines = 0;
    const load = setInterval(() => {
      let text = '';
      for (let at = 0; at < 5; at++, lines++) {
        const line = next();
        const ip = (JSON.parse(line) as { source: { ip: string } }).source.ip;
        written.set(ip, (written.get(ip) ?? 0) + 1);
        text += line;
      }
      // A write may end in the middle of a line, as a real one may.
      const cut = Math.floor(text.length / 3);
      appendFileSync(file, text.slice(0, cut));
      appendFileSync(file, text.slice(cut));
    }, 10);
    const hook = await startReceiver();
    const config = join(dirname(file), 'config.yaml');
    writeFileSync(config, `outputs: [{ type: webhook, url: '${hook.url}' }]`);
    const args = ['--file', file, '--state', state, '--config', config];
    const ids = new Map<string, Set<string>>();
    let killed = 0;
    let resumed = 0;
    try {
      for (let round = 0; round < 50; round++) {
        const alerts = start({ args });
        // At times before it has taken up where the run before ended, mostly while it reads on.
        if (round === 0) await alerts.waitFor(() => true, 10_000);
        else await alerts.said(round % 5 === 0 ? 'rules: ' : 'goes on with', 10_000);
        await delay(Math.random() * 200);
        await alerts.stop('SIGKILL');
        if (alerts.child.signalCode === 'SIGKILL') killed += 1;
        if (alerts.stderr.some((said) => said.includes('goes on with'))) resumed += 1;
        for (const { source, event } of alerts.alerts)
          ids.set(source.ip!, (ids.get(source.ip!) ?? new Set()).add(event.id));
      }
    } finally {
      clearInterval(load);
    }
    const last = start({ args: [...args, '--once'] });
    expect(await last.exit).toBe(0);
    await hook.close();
    for (const { source, event } of last.alerts) ids.set(source.ip!, (ids.get(source.ip!) ?? new Set()).add(event.id));

    expect(killed).toBe(50);
    expect(resumed).toBeGreaterThanOrEqual(39);
    expect(read(state, 'SELECT count(*) AS n FROM touches')[0]!.n).toBe(lines);
    const counted = read(state, "SELECT source, count FROM events WHERE rule = 'honeypod.vuln.svc'");
    expect(new Map(counted.map(({ source, count }) => [source, count]))).toEqual(written);
    expect(new Set(ids.keys())).toEqual(new Set(written.keys()));
    expect([...ids].filter(([, of]) => of.size !== 1)).toEqual([]);
    const delivered = new Set(hook.taken.map(({ body }) => (body as AlertLine).event.id));
    expect(delivered).toEqual(new Set([...ids.values()].flatMap((of) => [...of])));
  }, 120_000);

  it('leaves windows as they were: the fourth port is a scan though the program ended in between', async () => {
    const { file, state } = place();
    const args = ['--file', file, '--state', state];
    const write = (port: number) => appendFileSync(file, `${touchText({ decoy: 'app', port })}\n`);
    for (const port of [80, 81]) write(port);
    const first = start({ args });
    await first.waitFor((line) => line.rule.name === 'honeypod.ip.enum');
    await delay(100);
    await first.stop('SIGKILL');
    for (const port of [81, 82]) write(port);
    const second = start({ args });
    await second.said('goes on with 1 open events and 2 touches');
    await delay(200);
    expect(second.alerts.map((line) => line.rule.name)).toEqual([]);
    write(83);
    await second.waitFor((line) => line.rule.name === 'honeypod.port.scan');
    expect(await second.stop()).toBe(0);
  });

  it('gives what was not delivered before to the next run, and what was not again', async () => {
    const { file, state } = place();
    const args = ['--file', file, '--state', state];
    appendFileSync(file, `${touchText({ ...DB, ip: '10.1.0.1' })}\n`);
    const first = start({ args });
    const one = await first.waitFor(() => true);
    for (const name of readdirSync(state)) expect(statSync(join(state, name)).mode & 0o077).toBe(0);
    await first.stop();
    appendFileSync(file, `${touchText({ ...DB, ip: '10.1.0.1' })}\n${touchText({ ...DB, ip: '10.1.0.2' })}\n`);
    const second = start({ args });
    const two = await second.waitFor(() => true);
    await second.stop();
    expect(one.source.ip).toBe('10.1.0.1');
    expect(second.alerts.map((line) => line.source.ip)).toEqual(['10.1.0.2']);
    expect(two.event.id).not.toBe(one.event.id);
  });
});

describe('an event that was open', () => {
  it('goes on with what was written while nobody read, however long that was', async () => {
    const { file, state } = place();
    const config = join(dirname(file), 'config.yaml');
    writeFileSync(config, 'events: { quiet: 2s }');
    const args = ['--file', file, '--state', state, '--config', config];
    appendFileSync(file, `${touchText({ ...DB, ip: '10.4.0.1' })}\n`);
    const first = start({ args });
    const one = await first.waitFor(() => true);
    await delay(100);
    await first.stop('SIGKILL');
    await delay(2_500);
    appendFileSync(file, `${touchText({ ...DB, ip: '10.4.0.1', count: 9 })}\n`);
    const second = start({ args });
    const two = await second.waitFor((line) => line.honeypod.notice === 'escalated');
    expect(two.event.id).toBe(one.event.id);
    expect(two.honeypod.touches.count).toBe(10);
    const three = await second.waitFor((line) => line.honeypod.notice === 'closed');
    expect(three.event.id).toBe(one.event.id);
    await second.stop();
  });
});

describe('files', () => {
  it('are read on where they were left, also after rotation, each line once', async () => {
    const { file, state } = place();
    const args = ['--file', file, '--state', state];
    const next = touchStream({ ...DB, sourceOf: () => '10.2.0.1' });
    appendFileSync(file, next() + next());
    const first = start({ args: [...args, '--once'] });
    await first.exit;
    appendFileSync(file, next());
    renameSync(file, `${file}.1`);
    appendFileSync(file, next());
    const second = start({ args: [...args, '--once'] });
    await second.exit;
    const third = start({ args: [...args, '--once'] });
    await third.exit;
    expect(read(state, 'SELECT count(*) AS n FROM touches')).toEqual([{ n: 4 }]);
    expect(read(state, 'SELECT count FROM events')).toEqual([{ count: 4 }]);
  });

  it('that are gone with lines nobody read are told of', async () => {
    const { file, state } = place();
    const args = ['--file', file, '--state', state, '--once'];
    appendFileSync(file, `${touchText(DB)}\n`);
    await start({ args }).exit;
    // Kept under another directory, so that the new file cannot be given the old one's inode.
    renameSync(file, join(root, `elsewhere-${made}`));
    appendFileSync(file, `${touchText(DB)}\n`);
    const again = start({ args });
    await again.exit;
    expect(again.stderr.join('\n')).toContain('the file read last is gone');
    expect(read(state, 'SELECT count(*) AS n FROM touches')).toEqual([{ n: 2 }]);
  });
});

/** As in the image, whose pod may have 512 MiB. */
const HEAP = ['--max-semi-space-size=16', '--max-old-space-size=384'];

describe('a captured decoy', () => {
  it('that writes lines as long as they may be costs no more than the bounds, and its overlong lines are told of', async () => {
    const { file } = place();
    const real = JSON.parse(touchText(DB)) as { event: object; orchestrator: { namespace: string } };
    const long = (at: number, chars: number) =>
      `${JSON.stringify({
        ...real,
        event: { ...real.event, id: `forged-${at}` },
        source: { ip: `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}` },
        orchestrator: { ...real.orchestrator, namespace: `tigera-internal${'x'.repeat(chars)}` },
      })}\n`;
    for (let at = 0; at < 12_000; at += 1_000)
      appendFileSync(file, Array.from({ length: 1_000 }, (_, each) => long(at + each, 5_800)).join(''));
    appendFileSync(file, long(1, 60_000));
    const every = join(dirname(file), 'every.yaml');
    const spec = 'description: d, severity: 1, dataSet: touches, aggregateBy: [orchestrator.namespace]';
    writeFileSync(
      every,
      `{ apiVersion: alerts.internal/v1, kind: GlobalAlert, metadata: { name: every }, spec: { ${spec} } }`,
    );
    const alerts = startAlerts({ args: ['--file', file, '--rules', every], nodeFlags: HEAP });
    await alerts.said('more than any touch line has', 40_000);
    const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${alerts.child.pid}/status`, 'utf8'))![1]) / 1_024;
    await alerts.stop();
    expect(peak).toBeLessThan(480);
  }, 60_000);
});

describe('a state that cannot be used', () => {
  it.each([
    ['no database at all', (path: string) => writeFileSync(path, 'not a database, '.repeat(1_000))],
    [
      'a database of something else',
      (path: string) => {
        const other = new DatabaseSync(path);
        other.exec('CREATE TABLE touches (x); PRAGMA user_version = 77');
        other.close();
      },
    ],
    [
      'one with other tables',
      (path: string) => {
        const other = new DatabaseSync(path);
        other.exec('PRAGMA user_version = 1; CREATE TABLE touches (id)');
        other.close();
      },
    ],
    [
      'a damaged one',
      async (path: string) => {
        const other = openState({ directory: dirname(path), say: () => {} });
        await other.close();
        const bytes = readFileSync(path);
        bytes.fill(0x5a, 4_096);
        writeFileSync(path, bytes);
      },
    ],
  ])('%s is set aside and a fresh one started', async (_, damage) => {
    const { file, state } = place();
    mkdirSync(state);
    await damage(join(state, 'alerts.db'));
    appendFileSync(file, `${touchText(DB)}\n`);
    const alerts = start({ args: ['--file', file, '--state', state, '--once'] });
    expect(await alerts.exit).toBe(0);
    expect(alerts.alerts.length).toBe(1);
    expect(alerts.stderr.join('\n')).toMatch(/alerts\.db cannot be read .* a fresh one is started/);
    expect(readdirSync(state).some((name) => name.startsWith('alerts.db.broken-'))).toBe(true);
    expect(read(state, 'SELECT count(*) AS n FROM touches')).toEqual([{ n: 1 }]);
  });

  it('is refused while another alerts has it', async () => {
    const { file, state } = place();
    const args = ['--file', file, '--state', state];
    const first = start({ args });
    await first.said('rules');
    for (let tries = 0; !existsSync(join(state, 'alerts.db')) && tries < 100; tries++) await delay(20);
    await delay(200);
    const second = start({ args });
    expect(await second.exit).toBe(2);
    expect(second.stderr.at(-1)).toBe(
      `alerts: --state ${state}: another alerts uses it; give each a directory of its own`,
    );
    await first.stop();
  });

  it('is refused where it is a file', async () => {
    const { file } = place();
    const alerts = start({ args: ['--file', file, '--state', file] });
    expect(await alerts.exit).toBe(2);
    expect(alerts.stderr.at(-1)).toBe(`alerts: --state ${file}: is not a directory`);
  });

  const noMount = mountProblem();
  it.skipIf(noMount)(titled('goes on in memory where the disk is read-only', noMount), async () => {
    const { file, state } = place();
    await onDisk(state, 'ro', async () => {
      appendFileSync(file, `${touchText(DB)}\n`);
      const alerts = start({ args: ['--file', file, '--state', state, '--once'] });
      expect(await alerts.exit).toBe(0);
      expect(alerts.alerts.length).toBe(1);
      expect(alerts.stderr.join('\n')).toContain('state is kept in memory');
    });
  });

  it.skipIf(noMount)(titled('goes on in memory when the disk is full, with every touch counted', noMount), async () => {
    const { file, state } = place();
    await onDisk(state, 'size=1m', async () => {
      const next = touchStream({ ...DB, sourceOf: (at) => `10.3.0.${at % 5}` });
      for (let line = 0; line < 2_000; line++) appendFileSync(file, next());
      const alerts = start({ args: ['--file', file, '--state', state] });
      await alerts.said('from here on state is kept in memory');
      await alerts.waitFor((line) => line.source.ip === '10.3.0.4' && line.honeypod.touches.count >= 100);
      appendFileSync(file, `${touchText({ ...DB, ip: '10.3.0.99' })}\n`);
      await alerts.waitFor((line) => line.source.ip === '10.3.0.99');
      expect(await alerts.stop()).toBe(0);
      const ids = new Set(alerts.alerts.map((line) => line.event.id));
      expect(ids.size).toBe(6);
    });
  });
});

function mountProblem(): string {
  if (process.getuid?.() !== 0) return 'needs root to mount a small disk';
  const probe = join(root, 'probe');
  mkdirSync(probe);
  const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', probe]);
  if (mount.error || mount.status !== 0) return 'mounts are refused here';
  spawnSync('umount', [probe]);
  return '';
}

async function onDisk(directory: string, options: string, use: () => Promise<void>): Promise<void> {
  mkdirSync(directory);
  spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory]);
  try {
    await use();
  } finally {
    spawnSync('umount', ['-l', directory]);
  }
}
