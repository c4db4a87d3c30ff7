// app on a node whose runtime gives no NET_RAW by default, as CRI-O does: the shipped pod says so and ends, the
// component net-raw gives it what it needs, and no-net-raw does without.
import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { build, buildWith, MANIFESTS, noKustomize } from '../harness/manifests.ts';
import { missing, titled } from '../harness/tools.ts';
import { archiveOf } from './archives.ts';
import { statusField } from './container.ts';
import { type Engine, noPodman, startPodman } from './engine.ts';
import { asNode, CRI_O, logOf, play } from './kube-play.ts';

const why = noPodman() || missing('catatonit') || noKustomize();

describe.skipIf(why)(titled('app where NET_RAW is no default', why), () => {
  const made: string[] = [];
  const place = { address: '10.78.0.2' };
  let engine: Engine;

  beforeAll(() => {
    engine = startPodman();
    asNode(engine, [], CRI_O);
    engine.run('load', '-i', archiveOf('internal-app'));
  }, 240_000);

  afterEach(() => {
    engine.run('pod', 'rm', '--all', '--force', '--time=1');
  });

  afterAll(async () => {
    for (const directory of made) rmSync(directory, { recursive: true });
    await engine?.remove();
  }, 60_000);

  const appOf = (objects: ReturnType<typeof build>) => objects.find(({ kind }) => kind === 'DaemonSet')!;

  it('as shipped it ends, and says what it misses', async () => {
    const { container } = await play(engine, appOf(build(MANIFESTS)), place, 'WATCH=');
    expect(logOf(engine, container)).toMatch(/^app: WATCH="raw": raw sockets are not to be had .*NET_RAW/m);
    expect(logOf(engine, container)).not.toContain('"heartbeat"');
    expect(engine.run('wait', container).trim()).toBe('2');
  }, 60_000);

  it('with net-raw it opens raw sockets and then holds no capability', async () => {
    const { pid, container } = await play(engine, appOf(buildWith(['net-raw'], made)), place);
    expect(logOf(engine, container)).toContain('"mode":"raw"');
    expect(statusField(pid, 'CapEff')).toMatch(/^0+$/);
    expect(statusField(pid, 'Uid').split(/\s+/)[0]).toBe('65532');
  }, 60_000);

  it('with no-net-raw it is nobody from the start and counts', async () => {
    const { pid, container } = await play(engine, appOf(buildWith(['no-net-raw'], made)), place);
    expect(logOf(engine, container)).toContain('"mode":"counters"');
    expect(statusField(pid, 'CapBnd')).toMatch(/^0+$/);
    expect(statusField(pid, 'Uid').split(/\s+/)[0]).toBe('65532');
  }, 60_000);
});
