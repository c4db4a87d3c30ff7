// Fuzzing `alerts`: lines on its standard input, calls of its page and metrics, rule and configuration files; every line accounted for.
import { spawnSync } from 'node:child_process';
import { once as onceEmitted } from 'node:events';
import { get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventPage } from '../alerts/page/api.ts';
import { parseAlert } from '../test/harness/lines.ts';
import { freePort } from '../test/harness/ports.ts';
import { touchText } from '../test/harness/touch-text.ts';
import { dealAlerts } from './alerts-case.ts';
import { asShipped } from './as-shipped.ts';
import type { Case } from './case.ts';
import { play } from './conversation.ts';
import { runOnce } from './once-run.ts';
import { Finding, type Session, type Target } from './target.ts';
import { watch } from './watched.ts';
import { within } from './within.ts';

const HOST = '127.0.0.1';
/** Where the touches of the well-formed decoy come from. */
const CLIENT = '192.0.2.77';
/** The pod's limit is 512Mi. */
const MEMORY_MB = 512;
const SERVED_MS = 10_000;
const READ_MS = 30_000;
const TOKEN = /name="page-token" content="([^"]+)"/;

function noNamespace(): string {
  const tried = spawnSync('unshare', ['-n', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? '' : 'needs root and unshare(1): configurations are tried without a network';
}

function fetchText(port: number, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ host: HOST, port, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(text)
          : reject(new Finding(`${path} answered ${response.statusCode}: ${text.slice(0, 200)}`)),
      );
    }).on('error', reject);
  });
}

/** Lines of some bytes that are not blank, as a reader of UTF-8 splits them. */
function linesIn(bytes: Buffer): number {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((text) => text.trim() !== '').length;
}

export const alerts: Target = {
  atOnce: 8,
  lacking: noNamespace,
  deal: dealAlerts,
  async start(): Promise<Session> {
    const [pagePort, metricsPort] = [await freePort(), await freePort()];
    const { nodeFlags, env } = asShipped('alerts');
    let written = 0;
    const program = watch('alerts', {
      args: ['--stdin'],
      env: { ...env, PAGE_PORT: String(pagePort), METRICS_PORT: String(metricsPort) },
      nodeFlags,
      memoryMb: MEMORY_MB,
      onLine(text) {
        parseAlert(text);
        written += 1;
      },
    });
    await program.said('page: http');
    const token = TOKEN.exec(await fetchText(pagePort, '/'))?.[1] ?? '';
    let given = 0;
    let asked = 0;
    let event = '';
    let told: string | undefined;

    async function feed(bytes: Buffer): Promise<void> {
      given += linesIn(bytes);
      const { stdin } = program.child;
      if (stdin && !stdin.write(bytes) && program.wrong() === undefined) await onceEmitted(stdin, 'drain');
    }

    function readSoFar(metrics: string): number {
      const counts = [...metrics.matchAll(/^honeypods_lines_total\{[^}]*\} (\d+)$/gm)];
      return counts.reduce((sum, [, count]) => sum + Number(count), 0);
    }

    async function callOf({ to, parts }: Case): Promise<void> {
      const texts = parts.map((part) =>
        typeof part === 'string' ? part.replaceAll('{{TOKEN}}', token).replaceAll('{{EVENT}}', event) : part,
      );
      const port = to === 'page' ? pagePort : metricsPort;
      const { bytes } = await play({ host: HOST, port, from: HOST }, { to, parts: texts });
      const answer = bytes.toString('latin1');
      if (/^HTTP\/1.1 5|\n {4}at \S+ \(/m.test(answer)) told ??= `a call was answered ${answer.slice(0, 300)}`;
    }

    async function countedOf(ip: string): Promise<number> {
      const path = `/api/events?state=all&rule=honeypod.ip.enum&q=ip:${ip}`;
      const { rows } = JSON.parse(await fetchText(pagePort, path)) as EventPage;
      return rows.reduce((sum, { count }) => sum + count, 0);
    }

    return {
      async send(one) {
        if (one.to === 'stdin') {
          const text = one.parts.filter((part) => typeof part === 'string').join('\n');
          await feed(Buffer.from(`${text}\n`, 'latin1'));
        } else if (one.to === 'page' || one.to === 'metrics') await callOf(one);
        else told ??= await runOnce(one, touchText({ decoy: 'db', port: 3306 }));
      },
      async ask() {
        asked += 1;
        await feed(Buffer.from(`${touchText({ decoy: 'app', port: 80, ip: CLIENT })}\n`));
        const page = await within(
          SERVED_MS,
          'a call of the page',
          fetchText(pagePort, '/api/events?state=all&limit=5&sort=last'),
        );
        event = (JSON.parse(page) as EventPage).rows.at(-1)?.id ?? event;
      },
      wrong: () => program.wrong() ?? told,
      async end() {
        for (const until = Date.now() + READ_MS; ; await delay(100)) {
          const read = readSoFar(await fetchText(metricsPort, '/metrics'));
          if (read === given) break;
          if (Date.now() > until) throw new Finding(`${given} lines given, ${read} accounted for`);
        }
        // The page's rows are written a moment after the events they show.
        for (const until = Date.now() + READ_MS; ; await delay(100)) {
          const counted = await countedOf(CLIENT);
          if (counted === asked) break;
          if (Date.now() > until) throw new Finding(`${asked} touches of ${CLIENT}, events count ${counted}`);
        }
        await program.stop();
        return { touches: given, lines: written, peakMb: program.peakMb() };
      },
      kill: program.kill,
    };
  },
};
