// The image that reads touches: under the same hardening it turns what decoys wrote into alerts, and keeps its state where a volume is.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { titled } from '../harness/tools.ts';
import { archiveOf } from './archives.ts';
import { HARDENING } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';

const TOUCHES = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'touch-samples.ndjson'));
const why = noPodman();

describe.skipIf(why)(titled('security-events', why), () => {
  let engine: Engine;
  beforeAll(() => {
    engine = startPodman();
    engine.run('load', '-i', archiveOf('security-events'));
  }, 180_000);
  afterAll(() => engine?.remove());

  it.each([
    { where: 'in memory', options: [], args: [] },
    { where: 'on a volume', options: ['--tmpfs=/state:rw,mode=1777'], args: ['--state=/state'] },
  ])(
    'alerts on touches from standard input, its state $where',
    ({ options, args }) => {
      const hardening = [
        ...HARDENING,
        '--memory=512m',
        '--cpus=1',
        '--read-only-tmpfs=false',
        '--network=none',
        ...options,
      ];
      const words = [
        ...engine.command.slice(1),
        'run',
        '-i',
        '--rm',
        ...hardening,
        'security-events:0.1.0',
        '--stdin',
        '--once',
        ...args,
      ];
      const run = spawnSync(engine.command[0]!, words, {
        env: engine.env,
        input: TOUCHES,
        encoding: 'utf8',
        timeout: 30_000,
      });
      expect(run.status).toBe(0);
      const alerts = run.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { event: { kind: string; action: string } });
      expect(alerts.map(({ event }) => event.action)).toContain('honeypod.vuln.svc');
      expect(new Set(alerts.map(({ event }) => event.kind))).toEqual(new Set(['alert']));
    },
    60_000,
  );
});
