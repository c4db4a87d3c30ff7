// `alerts` as a program: lines in by pipe or file, alert lines out.
import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAlert } from '../harness/lines.ts';
import { commandFor } from '../harness/program.ts';
import { touchText } from '../harness/touch-text.ts';

/** The promise is 100 ms; a shared machine under test gets this much. */
const ALERT_MS = 1_000;

describe('alerts', () => {
  let directory: string;
  let child: ChildProcess;
  let alerts: { rule: string; ip: string | undefined; count: number; atMs: number }[];
  let stderr: string[];

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'alerts-'));
    alerts = [];
    stderr = [];
  });

  afterEach(() => {
    child.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  });

  async function start(...args: string[]): Promise<void> {
    const [file, words] = commandFor('alerts', { args });
    child = spawn(file, words, { stdio: ['pipe', 'pipe', 'pipe'] });
    createInterface({ input: child.stdout! }).on('line', (text) => {
      const line = parseAlert(text);
      // Each text comes from a decoy of its own making: to `alerts` it was restarted each time.
      if (line.rule.name === 'honeypod.silent') return;
      alerts.push({ rule: line.rule.name, ip: line.source.ip, count: line.honeypod.touches.count, atMs: Date.now() });
    });
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stderr! }).on('line', (text) => {
        stderr.push(text);
        if (text.includes(' rules: ')) resolve();
      });
      child.once('exit', (code) => reject(new Error(`alerts ended with ${code}: ${stderr.join('\n')}`)));
    });
  }

  const ips = () => alerts.map(({ ip }) => ip);
  const db = (ip: string) => `${touchText({ decoy: 'db', port: 3306, ip })}\n`;

  it('reads a pipe in pieces of any size and alerts at once', async () => {
    await start('--stdin');
    const bytes = Buffer.from(db('10.1.0.1') + db('10.1.0.2'));
    for (let at = 0; at < bytes.length; at += 100) child.stdin!.write(bytes.subarray(at, at + 100));
    await expect.poll(ips).toEqual(['10.1.0.1', '10.1.0.2']);
    const sentMs = Date.now();
    child.stdin!.write(db('10.1.0.3'));
    await expect.poll(ips).toContain('10.1.0.3');
    expect(alerts.at(-1)!.atMs - sentMs).toBeLessThan(ALERT_MS);
  });

  it('ends with the pipe, every alert written', async () => {
    await start('--stdin');
    const ended = new Promise((resolve) => child.once('close', resolve));
    for (let at = 0; at < 300; at++) child.stdin!.write(db(`10.2.${at >> 8}.${at & 255}`));
    child.stdin!.end();
    expect(await ended).toBe(0);
    expect(alerts.length).toBe(300);
  });

  it('follows files as they grow, are truncated, are replaced, or come later', async () => {
    const [first, second] = [join(directory, 'a.log'), join(directory, 'b.log')];
    writeFileSync(first, db('10.3.0.1'));
    await start('--file', first, second);
    await expect.poll(ips).toEqual(['10.3.0.1']);
    appendFileSync(first, db('10.3.0.2').slice(0, 500));
    appendFileSync(first, 'x');
    truncateSync(first, 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    appendFileSync(first, `\n${db('10.3.0.3')}`);
    await expect.poll(ips).toContain('10.3.0.3');
    renameSync(first, `${first}.1`);
    appendFileSync(`${first}.1`, db('10.3.0.4'));
    writeFileSync(first, db('10.3.0.5'));
    await expect.poll(ips).toContain('10.3.0.5');
    expect(ips()).toContain('10.3.0.4');
    writeFileSync(second, `2026-11-23T04:26:32.127000000Z stdout F ${db('10.3.0.6')}`);
    await expect.poll(ips).toContain('10.3.0.6');
    expect(stderr.join('\n')).toContain('b.log: waiting for it (ENOENT)');
  });

  it('loses nothing to copytruncate, also where the file has grown past the old place at once', async () => {
    const file = join(directory, 'c.log');
    writeFileSync(file, db('10.7.0.1') + db('10.7.0.2'));
    await start('--file', file);
    await expect.poll(ips).toEqual(['10.7.0.1', '10.7.0.2']);
    writeFileSync(file, ['10.7.0.3', '10.7.0.4', '10.7.0.5'].map(db).join(''));
    await expect.poll(ips).toEqual(['10.7.0.1', '10.7.0.2', '10.7.0.3', '10.7.0.4', '10.7.0.5']);
  });

  it('follows the files a pattern names, also those that come later', async () => {
    writeFileSync(join(directory, 'one.log'), db('10.6.0.1'));
    await start('--file', join(directory, '*.log'));
    await expect.poll(ips).toEqual(['10.6.0.1']);
    writeFileSync(join(directory, 'two.log'), db('10.6.0.2'));
    writeFileSync(join(directory, 'other.txt'), db('10.6.0.3'));
    await expect.poll(ips, { timeout: 5_000 }).toEqual(['10.6.0.1', '10.6.0.2']);
  });

  it('takes rules of its user, and says which one is broken', async () => {
    const rule = (name: string, query: string) =>
      `apiVersion: projectcalico.org/v3\nkind: GlobalAlert\nmetadata: {name: ${name}}\nspec: {description: d, severity: 10, dataSet: flows, query: '${query}'}\n`;
    writeFileSync(join(directory, 'good.yaml'), rule('only.this', 'dest_port=3306'));
    writeFileSync(join(directory, 'bad.yaml'), rule('broken', 'dest_port LIKE 3306'));
    await start('--stdin', '--rules', directory);
    child.stdin!.write(db('10.4.0.1'));
    await expect.poll(() => alerts.map(({ rule: name }) => name)).toEqual(['only.this']);
    expect(stderr[0]).toMatch(/^alerts: rule broken: query: Expected /);
  });

  it('tells of lines that are none of ours and goes on', async () => {
    await start('--stdin');
    child.stdin!.write(`npm warn \u001b[2Jsomething\n{"a":1}\n${'x'.repeat(200_000)}\n${db('10.5.0.1')}`);
    await expect.poll(ips).toEqual(['10.5.0.1']);
    expect(stderr.join('\n')).toContain(
      '1 lines so far are no touch lines, the last: not JSON: npm warn ?[2Jsomething',
    );
  });
});
