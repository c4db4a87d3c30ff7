// README's commands for a cluster, run by the real kubectl against as much of an API server as they need.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ApiServer, startApiServer } from '../harness/api-server.ts';
import {
  build,
  type KubernetesObject,
  MANIFESTS,
  noKustomize,
  objectsOf,
  overlayDirectory,
} from '../harness/manifests.ts';
import { titled } from '../harness/tools.ts';

const ROOT = join(MANIFESTS, '..');
const COMMAND_MS = 20_000;
/** The shell lines of one section of README, comments off. */
function readme(title: string): string[] {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = text.split(/^#{2,3} /m).find((part) => part.startsWith(`${title}\n`)) ?? '';
  const blocks = [...section.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  return blocks.flatMap((block) => block.split('\n')).flatMap((line) => line.replace(/\s+#.*$/, '') || []);
}

const why = noKustomize();

describe.skipIf(why)(titled('install', why), () => {
  let server: ApiServer;
  let scratch: string;

  beforeEach(async () => {
    server = await startApiServer();
    scratch = overlayDirectory();
    mkdirSync(join(scratch, '.kube'));
    writeFileSync(join(scratch, '.kube', 'config'), server.kubeconfig);
  });

  afterEach(async () => {
    await server.close();
    rmSync(scratch, { recursive: true });
  });

  /** Runs one line in a shell at the root of the project, as a reader of README would. */
  function run(line: string): Promise<{ status: number | null; text: string }> {
    const child = spawn('sh', ['-c', line], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, HOME: scratch },
      timeout: COMMAND_MS,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (text += String(part)));
    return new Promise((resolve) => child.once('close', (status) => resolve({ status, text })));
  }

  async function succeed(...lines: readonly string[]): Promise<string> {
    let said = '';
    for (const line of lines) {
      const { status, text } = await run(line);
      expect(status, `${line}\n${text}`).toBe(0);
      said += text;
    }
    return said;
  }

  const names = (objects: Iterable<{ kind: string; metadata: { name: string } }>) =>
    [...objects].map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort();

  it('three commands, and everything is there; three again change nothing; one takes it away', async () => {
    const lines = readme('Install').slice(0, 3);
    await succeed(...lines);
    expect(names(server.stored.values())).toEqual(names(build(MANIFESTS)));
    expect(await succeed(...lines)).not.toMatch(/created|configured/);
    await succeed(...readme('Uninstall'));
    expect([...server.stored.keys()]).toEqual([]);
  });

  it('file by file, as Calico’s honeypods were applied', async () => {
    await succeed('kubectl create -f manifests/common.yaml', readme('Install')[1]!);
    const rest = ['ip-enum.yaml', 'expose-svc.yaml', 'vuln-svc.yaml', 'alerts.yaml', 'security-events.yaml'];
    for (const file of rest) await succeed(`kubectl apply -f manifests/${file}`);
    expect(names(server.stored.values())).toEqual(names(['common.yaml', ...rest].flatMap(objectsOf)));
  });

  it('alerts before their kinds are not taken', async () => {
    const { status } = await run('kubectl apply -f manifests/alerts.yaml');
    expect(status).not.toBe(0);
    expect([...server.stored.keys()]).toEqual([]);
  });

  it('a disguise by the commands it prints', async () => {
    const out = join(scratch, 'overlay');
    const flags = ['scripts/disguise.ts', '--namespace', 'payments', '--app', 'ledger', '--out', out];
    const { stdout } = spawnSync(process.execPath, flags, { cwd: ROOT, encoding: 'utf8' });
    const lines = stdout.split('\n').flatMap((line) => (line.startsWith('  kubectl') ? [line.trim()] : []));
    expect(lines.length).toBe(4);
    const shown = readme('Disguise').map((line) => line.replace('overlays/payments', out));
    expect(shown.slice(1)).toEqual(lines.slice(0, 3));
    const [secretLine, ...others] = lines.toReversed();
    await succeed(...others.toReversed());
    const applied = [...server.stored.values()];
    expect(names(applied)).toEqual(names(build(out)));
    expect(JSON.stringify(applied)).not.toContain('tigera');
    // Secrets go over the wire as protobuf, which is too much for this server.
    const secret = parse(await succeed(`${secretLine} --dry-run=client -o yaml`)) as KubernetesObject;
    expect(secret.metadata).toMatchObject({ name: 'session', namespace: 'payments' });
    expect(Buffer.from(secret.data.key, 'base64').toString()).toMatch(/^[0-9a-f]{64}$/);
  });
});
