// A syslog receiver that dies with what it has not read: its kernel took it, its program never did, and it comes again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startAlerts } from '../harness/alerts-program.ts';
import { eventually } from '../harness/time.ts';
import { touchText } from '../harness/touch-text.ts';

const directory = mkdtempSync(join(tmpdir(), 'alerts-syslog-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Frames of RFC 6587 section 3.4.1 in what has arrived so far. */
function framesIn(text: string): string[] {
  const frames: string[] = [];
  for (let rest = text; ; ) {
    const head = /^(\d{1,6}) /.exec(rest);
    const end = head ? head[0].length + Number(head[1]) : Infinity;
    if (rest.length < end) return frames;
    frames.push(rest.slice(head![0].length, end));
    rest = rest.slice(end);
  }
}

it('gets again what it had not read when its connection broke, before anything newer and without being asked', async () => {
  const connections: Socket[] = [];
  let text = '';
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    connections.push(socket);
    socket.on('error', () => {}); // Broken on purpose.
    if (connections.length === 1) return; // Accepted, and never read.
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
    });
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const config = join(directory, 'config.yaml');
  writeFileSync(config, `outputs: [{ type: syslog, address: 'tcp://127.0.0.1:${port}' }]`);
  const alerts = startAlerts({ args: ['--stdin', '--config', config] });
  alerts.write(`${touchText({ decoy: 'db', port: 3306, ip: '10.6.7.1' })}\n`);
  await eventually(
    () => connections[0],
    10_000,
    () => 'nobody connected',
  );
  await delay(500);
  connections[0]!.resetAndDestroy();
  await eventually(
    () => framesIn(text).find((frame) => frame.includes('10.6.7.1')),
    10_000,
    () => `not sent again: ${text}`,
  );
  alerts.write(`${touchText({ decoy: 'db', port: 3306, ip: '10.6.7.2' })}\n`);
  await eventually(
    () => framesIn(text).find((frame) => frame.includes('10.6.7.2')),
    10_000,
    () => `the next one never came: ${text}`,
  );
  const sources = framesIn(text).map((frame) => /"ip":"(10\.6\.7\.\d)"/.exec(frame)?.[1]);
  expect(sources.lastIndexOf('10.6.7.1')).toBeLessThan(sources.indexOf('10.6.7.2'));
  expect(await alerts.stop()).toBe(0);
  for (const socket of connections) socket.destroy();
  server.close();
});
