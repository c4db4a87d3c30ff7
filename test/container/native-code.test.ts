// Native code inside a decoy would not be held by Node's permission model. Node without it stands for such code: what is left are the
// container's own walls, under README's options and images/seccomp.json.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { titled } from '../harness/tools.ts';
import { archiveOf, BUILT } from './archives.ts';
import { HARDENING, NEEDS } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';

const PROFILE = join(import.meta.dirname, '..', '..', 'images', 'seccomp.json');
const RUN_MS = 60_000;
const DECOYS = BUILT.filter(({ name }) => name !== 'security-events').map(({ name }) => name);

/** Each resolves where it succeeded. */
const TRIES = `({
  'write /tmp': () => require('fs').writeFileSync('/tmp/x', 'x'),
  'write /dev/shm': () => require('fs').writeFileSync('/dev/shm/x', 'x'),
  'write the program': () => require('fs').writeFileSync('/app/main.mjs', 'x'),
  'read the token': () => require('fs').readFileSync('/var/run/secrets/kubernetes.io/serviceaccount/token'),
  'start a shell': () => settled(require('child_process').spawn('/bin/sh', ['-c', 'id']), 'spawn'),
  'start node': () => settled(require('child_process').spawn(process.execPath, ['-v']), 'spawn'),
  'connect': () => settled(require('net').connect(1, '127.0.0.1'), 'connect'),
  'send a datagram': () => new Promise((resolve, reject) => {
    const socket = require('dgram').createSocket('udp4').on('error', reject);
    socket.send('x', 9, '127.0.0.1', (error) => (error ? reject(error) : resolve()));
  }),
  'signal another process': () => process.kill(2, 0),
})`;
const SCRIPT = `
const settled = (emitter, good) => new Promise((resolve, reject) => emitter.once('error', reject).once(good, resolve));
(async () => {
  const outcome = {};
  for (const [name, run] of Object.entries(${TRIES})) {
    try { await run(); outcome[name] = 'SUCCEEDED'; } catch (error) { outcome[name] = error.code; }
  }
  console.log(JSON.stringify(outcome));
  process.exit(0);
})();`;

const REFUSED = {
  'write /tmp': 'ENOENT',
  'write /dev/shm': 'ENOENT',
  'write the program': 'EROFS',
  'read the token': 'ENOENT',
  'start a shell': 'EPERM',
  'start node': 'EPERM',
  connect: 'EPERM',
  'send a datagram': 'EPERM',
  'signal another process': 'EPERM',
} as const;

const why = noPodman();

describe.skipIf(why)(titled('native code inside', why), () => {
  let engine: Engine;
  beforeAll(() => {
    engine = startPodman();
  });
  afterAll(() => engine?.remove());

  it.each(DECOYS)(
    '%s writes nothing, starts nothing and reaches nobody',
    (image) => {
      engine.run('load', '-i', archiveOf(image));
      const options = [...HARDENING.filter((word) => !word.startsWith('--cpus')), ...(NEEDS[image] ?? [])];
      const [file = '', ...words] = [
        ...[...engine.command, 'run', '--rm', '--network=none', ...options, '--read-only-tmpfs=false'],
        ...[
          `--security-opt=seccomp=${PROFILE}`,
          '--entrypoint',
          '["/nodejs/bin/node"]',
          `${image}:0.1.0`,
          '-e',
          SCRIPT,
        ],
      ];
      const run = spawnSync(file, words, { encoding: 'utf8', env: engine.env, timeout: RUN_MS });
      expect(JSON.parse(run.stdout || JSON.stringify(run.stderr))).toEqual(REFUSED);
    },
    RUN_MS,
  );
});
