// The app decoy as a user runs it, in a namespace of its own, touched by the real tools.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf } from '../harness/lines.ts';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';

const reason = noNetns() || missing('ping', 'nmap');

describe.skipIf(reason)(titled('app in a pod', reason), () => {
  let network: Network;
  let app: Program;

  beforeAll(async () => {
    network = createNetwork('app');
    app = await startDecoy('app', { netns: network.decoy.netns });
  });
  afterAll(async () => {
    await app.stop();
    network.remove();
  });

  it('takes four pings for an enumeration of addresses and for nothing else', async () => {
    network.attack(['ping', '-c4', '-i0.2', network.decoy.ip]);
    await app.waitFor((line) => line.honeypod.count === 3);
    expect(countOf(app.touches())).toBe(4);
    for (const line of app.touches()) {
      expect(line.event.action).toBe('icmp-echo-request');
      expect(line.source?.ip).toBe(network.attacker.ip);
      expect(line.destination?.ip).toBe(network.decoy.ip);
      expect(line.honeypod.scan?.kinds).toEqual(['ip-enumeration']);
    }
  });

  it('counts a thousand SYN probes in at most three lines that name the scan', async () => {
    network.attack(['nmap', '-n', '-Pn', '-sS', '-p1-1000', network.decoy.ip]);
    await app.waitFor((line) => line.honeypod.scan?.distinct_ports === 1_000, 5_000);
    const lines = app.touches().filter((line) => line.network?.transport === 'tcp');
    expect(countOf(lines)).toBe(1_000);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.at(-1)?.honeypod.scan).toMatchObject({ kind: 'syn', tool: 'nmap', ports: '1-1000' });
    expect(lines.at(-1)?.honeypod.scan?.kinds).toContain('port-scan');
  });

  it('says in its heartbeat that it holds no privilege', () => {
    expect(app.lines[0]?.honeypod).toMatchObject({ mode: 'raw', uid: 65_532, capabilities: '0000000000000000' });
  });
});
