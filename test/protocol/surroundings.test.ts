// A decoy that listens also counts what reaches its pod beside its connections; the kernel is the witness.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf } from '../harness/lines.ts';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';

const why = noNetns() || missing('ping', 'nmap');

describe.skipIf(why)(titled('beside its connections, the dashboard counts', why), () => {
  let network: Network;
  let dashboard: Program;

  beforeAll(async () => {
    network = createNetwork('around');
    dashboard = await startDecoy('dashboard', {
      netns: network.decoy.netns,
      env: { COUNTERS: 'true', POD_IPS: network.decoy.ip },
    });
  });

  afterAll(async () => {
    await dashboard?.stop();
    network?.remove();
  });

  const counted = (action: string) =>
    countOf(dashboard.touches().filter((line) => line.event.action === action && line.source === undefined));

  it('pings', async () => {
    network.attack(['ping', '-c7', '-i0.05', network.decoy.ip]);
    await expect.poll(() => counted('icmp-echo-request'), { timeout: 5_000 }).toBe(7);
  });

  it('closed ports, TCP and UDP', async () => {
    network.attack(['nmap', '-n', '-Pn', '-sS', '--max-retries', '0', '-p1-200', network.decoy.ip]);
    await expect.poll(() => counted('tcp-probe'), { timeout: 5_000 }).toBe(200);
    network.attack(['nmap', '-n', '-Pn', '-sU', '--max-retries', '0', '-p1001-1005', network.decoy.ip]);
    await expect.poll(() => counted('udp-probe'), { timeout: 5_000 }).toBeGreaterThan(0);
  });

  it('half-open scans of its open ports, which no accept() ever shows', async () => {
    network.attack(['nmap', '-n', '-Pn', '-sS', '-p8080,443', network.decoy.ip]);
    await expect.poll(() => counted('tcp-syn'), { timeout: 5_000 }).toBe(2);
  });

  it('a connection reset before its source can be read, once', async () => {
    const others = () => counted('tcp-probe') + counted('tcp-syn') + counted('icmp-echo-request');
    const connects = () =>
      countOf(
        dashboard.touches().filter((line) => line.event.action === 'tcp-connect' && line.destination?.port === 8080),
      );
    const before = others();
    network.attack(['nmap', '-n', '-Pn', '-sT', '-p8080', network.decoy.ip]);
    await expect.poll(connects, { timeout: 3_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect([connects(), others()]).toEqual([1, before]);
  });
});
