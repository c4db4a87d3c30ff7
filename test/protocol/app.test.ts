// The app decoy as a user runs it, in a namespace of its own, touched by the real tools.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countOf } from '../harness/lines.ts';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Program, startDecoy } from '../harness/program.ts';
import { missing, titled } from '../harness/tools.ts';
import {
  allPackets,
  inside,
  linkLocalOf,
  linkOf,
  openPort,
  received,
  setCable,
  sourcesOf,
  startSender,
} from './app-network.ts';

const reason = noNetns() || missing('ping', 'nmap', 'nc', 'curl', 'setpriv');
const noHping = missing('hping3');
const NO_CAPABILITY = '0000000000000000';

/** Another address of a pod that has this one. */
function secondOf(ip6: string): string {
  return ip6.replace(/::.*$/, ':1::7');
}

describe.skipIf(reason)(titled('app in a pod', reason), () => {
  let network: Network;
  let app: Program;

  beforeAll(async () => {
    network = createNetwork('app');
    const { decoy, attacker } = network;
    const second = `${secondOf(decoy.ip6)}/128`;
    inside.run(decoy.netns, ['ip', '-6', 'addr', 'add', second, 'dev', linkOf(decoy.netns).name, 'nodad']);
    inside.run(attacker.netns, ['ip', '-6', 'route', 'add', second, 'dev', linkOf(attacker.netns).name]);
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
    network.attack(['nmap', '-n', '-Pn', '-sS', '--max-retries', '0', '-p1-1000', network.decoy.ip]);
    await app.waitFor((line) => line.honeypod.scan?.distinct_ports === 1_000, 5_000);
    const lines = app.touches().filter((line) => line.network?.transport === 'tcp');
    expect(countOf(lines)).toBe(1_000);
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines.at(-1)?.honeypod.scan).toMatchObject({ kind: 'syn', tool: 'nmap', ports: '1-1000' });
    expect(lines.at(-1)?.honeypod.scan?.kinds).toContain('port-scan');
  });

  it('tells every port there is in one range', async () => {
    const { ip } = sourcesOf(network, 1)[0]!;
    network.attack(['nmap', '-n', '-Pn', '-sS', '-S', ip, '-e', inside.link(network), '-p-', network.decoy.ip], 60_000);
    const whole = await app.waitFor((line) => line.honeypod.scan?.distinct_ports === 65_535, 20_000);
    expect(whole.honeypod.scan?.ports).toBe('1-65535');
    const lines = app.touches().filter((line) => line.source?.ip === ip);
    expect(countOf(lines)).toBeGreaterThanOrEqual(65_535);
    expect(lines.length).toBeLessThanOrEqual(4);
  }, 90_000);

  it('keeps what a datagram carried, and the fields of its headers', async () => {
    const sent = 'M-SEARCH * \\ \u0001';
    network.attack(['sh', '-c', `printf '%s' "$0" | nc -u -w1 ${network.decoy.ip} 1900`, sent]);
    const line = await app.waitFor(({ event }) => event.action === 'udp-probe');
    expect(line.destination).toMatchObject({ ip: network.decoy.ip, port: 1_900 });
    expect(line.honeypod).toMatchObject({
      payload: 'M-SEARCH * \\\\ \\x01',
      payload_bytes: sent.length,
      payload_sha256: createHash('sha256').update(sent).digest('hex'),
      udp: { ttl: 64 },
    });
  });

  it('tells the addresses and ports of IPv6 too', async () => {
    network.attack(['nc', '-6', '-z', '-w1', network.decoy.ip6, '2379']);
    const line = await app.waitFor(({ network: net }) => net?.type === 'ipv6' && net.transport === 'tcp');
    expect(line.source?.ip).toBe(network.attacker.ip6);
    expect(line.destination).toMatchObject({ ip: network.decoy.ip6, port: 2_379 });
    expect(line.honeypod.tcp).toMatchObject({ flags: 'SYN' });
  });

  it('tells which of its IPv6 addresses was asked', async () => {
    const { decoy } = network;
    const second = secondOf(decoy.ip6);
    network.attack(['sh', '-c', `echo x | nc -6 -u -w1 ${second} 2380`]);
    network.attack(['ping', '-c1', decoy.ip6]);
    const datagram = await app.waitFor((line) => line.destination?.port === 2_380);
    const ping = await app.waitFor((line) => line.network?.transport === 'ipv6-icmp');
    expect([datagram.destination?.ip, ping.destination?.ip]).toEqual([second, decoy.ip6]);
  });

  it.skipIf(noHping)(
    titled('counts what no raw socket delivers as a touch of an unknown source, by kind', noHping),
    async () => {
      network.attack(['hping3', '-c', '1', '-x', '--rawip', '-H', '91', '-d', '64', network.decoy.ip]);
      network.attack(['hping3', '-c', '1', '--rawip', '-H', '0', network.decoy.ip]);
      const fragment = await app.waitFor((line) => (line.honeypod.unseen?.fragment ?? 0) > 0, 6_000);
      expect(fragment).toMatchObject({
        event: { action: 'packets-counted' },
        honeypod: { count: 1, unseen: { fragment: 1 } },
      });
      expect(fragment.source?.ip).toBeUndefined();
      await app.waitFor((line) => line.honeypod.unseen?.['unknown-protocol'] === 1, 6_000);
    },
  );

  it('says in its heartbeat that it holds no privilege', () => {
    expect(app.lines[0]?.honeypod).toMatchObject({ mode: 'raw', uid: 65_532, capabilities: NO_CAPABILITY });
    expect(app.lines[0]?.honeypod.receive_buffer).toBeGreaterThan(200_000);
  });
});

describe.skipIf(reason)(titled('app beside an empty pod', reason), () => {
  let network: Network;

  beforeAll(() => {
    network = createNetwork('appe');
  });
  afterAll(() => network.remove());

  /** What nmap finds out, times and counts of hosts left out. */
  function findings(): string[] {
    const { decoy } = network;
    const linkLocal = `${linkLocalOf(decoy.netns)}%${inside.link(network)}`;
    const scans = [
      ['-sO', '-p', '2,47,91,103,132,136', decoy.ip],
      ['-6', '-sO', '-p', '47,91,103,132', decoy.ip6],
      ['-sS', '-p', '22,80,3306', decoy.ip],
      ['-sA', '-p', '22,80', decoy.ip],
      ['-sU', '-p', '53,161', decoy.ip],
      ['-6', '-sO', '-p', '47,103', linkLocal],
    ];
    return scans.flatMap((scan) => {
      const run = network.attack(['nmap', '-n', '-Pn', '--reason', '-vv', '--max-retries', '1', ...scan]);
      return run.stdout.split('\n').filter((line) => /^\d+(\/\w+)?\s/.test(line));
    });
  }

  it('looks the same to nmap, protocols it refuses included', async () => {
    const empty = findings();
    const app = await startDecoy('app', { netns: network.decoy.netns });
    const decoy = findings();
    await app.stop();
    expect(empty.length).toBeGreaterThan(12);
    expect(empty.filter((line) => line.includes('proto-unreach')).length).toBeGreaterThan(2);
    expect(decoy).toEqual(empty);
  }, 60_000);
});

describe.skipIf(reason)(titled('app in an IPv6-only pod', reason), () => {
  it('sees who pings and scans it', async () => {
    const network = createNetwork('appv6');
    inside.run(network.decoy.netns, ['ip', '-4', 'addr', 'flush', 'scope', 'global']);
    const app = await startDecoy('app', { netns: network.decoy.netns });
    network.attack(['ping', '-c1', network.decoy.ip6]);
    network.attack(['nmap', '-6', '-n', '-Pn', '-sS', '-p1-50', network.decoy.ip6]);
    const scan = await app.waitFor((line) => line.honeypod.scan?.distinct_ports === 50, 5_000);
    await app.stop();
    network.remove();
    expect(scan.source?.ip).toBe(network.attacker.ip6);
    expect(scan.honeypod.scan).toMatchObject({ kind: 'syn', ports: '1-50' });
    expect(app.touches().map((line) => line.event.action)).toContain('icmp-echo-request');
  });
});

describe.skipIf(reason)(titled('app beside our other programs on one machine', reason), () => {
  let network: Network;

  beforeAll(() => {
    network = createNetwork('apps');
  });
  afterAll(() => network.remove());

  it('leaves their connections to them and counts every probe of a scan once', async () => {
    const { decoy } = network;
    const server = await openPort(decoy.netns, 8_080);
    const app = await startDecoy('app', { netns: decoy.netns, env: { SIBLING_PORTS: '8080,3306' } });
    const urls = [`http://${decoy.ip}:8080`, `http://[${decoy.ip6}]:8080`];
    for (const url of urls) expect(network.attack(['curl', '-s', url]).stdout).toBe('here');
    for (const url of [...urls, 'http://127.0.0.1:8080']) inside.run(decoy.netns, ['curl', '-s', url]);
    // Half-open connections wait a second for their ACK.
    await new Promise((resolve) => setTimeout(resolve, 1_300));
    expect(app.touches()).toEqual([]);

    network.attack(['nmap', '-n', '-Pn', '-sS', '--max-retries', '0', '-p', '8080,3306,100-117', decoy.ip]);
    await app.waitFor((line) => line.honeypod.scan?.distinct_ports === 20, 5_000);
    expect(countOf(app.touches())).toBe(20);
    await app.stop();
    server.kill();
    expect(app.lines.at(-1)?.honeypod.ignored).toMatchObject({ 'other-program': expect.any(Number) });
  });

  it('takes loopback for a way to be touched, and its own answers for none', async () => {
    const { netns, ip } = network.decoy;
    const app = await startDecoy('app', { netns, env: { SIBLING_PORTS: '8080' } });
    inside.run(netns, ['ping', '-c1', '127.0.0.1']);
    inside.run(netns, ['ping', '-c1', '::1']);
    inside.run(netns, ['ping', '-c1', ip]);
    inside.run(netns, ['nc', '-z', '-w1', '127.0.0.1', '22']);
    await app.waitFor((line) => line.event.action === 'tcp-syn');
    await app.stop();
    const seen = app.touches().map((line) => `${line.event.action} ${line.source?.ip} ${line.honeypod.count}`);
    expect(seen.sort()).toEqual([
      `icmp-echo-request ${ip} 1`,
      'icmp-echo-request 127.0.0.1 1',
      'icmp-echo-request ::1 1',
      'tcp-syn 127.0.0.1 1',
    ]);
  });
});

describe.skipIf(reason)(titled('app without raw sockets', reason), () => {
  const withoutAddons = ['--permission', '--allow-fs-read=*'];
  let network: Network;

  beforeAll(() => {
    network = createNetwork('appc');
  });
  afterAll(() => network.remove());

  it('falls back to counters, says so, and counts every packet', async () => {
    const { decoy, attacker } = network;
    setCable(network, 'down');
    const app = await startDecoy('app', { netns: decoy.netns, nodeFlags: withoutAddons });
    const before = received(decoy.netns);
    setCable(network, 'up');
    network.attack(['ping', '-c3', '-i0.2', decoy.ip]);
    network.attack(['nmap', '-n', '-Pn', '-sS', '--max-retries', '0', '-p1-100', decoy.ip]);
    network.attack(['nmap', '-n', '-Pn', '-sU', '--max-retries', '0', '-p1-3', decoy.ip]);
    network.attack(['ping', '-c2', '-i0.2', decoy.ip6]);
    setCable(network, 'down');
    await app.stop();
    const arrived = received(decoy.netns) - before;
    expect(app.stderr[0]).toMatch(/^app: no raw sockets \(.+\): falling back to the kernel's counters$/);
    expect(app.lines[0]?.honeypod.mode).toBe('counters');
    const counts = new Map<string, number>();
    for (const line of app.touches()) {
      expect(line.source?.ip).toBeUndefined();
      const key = `${line.event.action} ${line.network?.transport}`;
      counts.set(key, (counts.get(key) ?? 0) + (line.honeypod.count ?? 0));
    }
    expect(Object.fromEntries(counts)).toEqual({
      'icmp-echo-request icmp': 3,
      'icmp-echo-request ipv6-icmp': 2,
      'tcp-probe tcp': 100,
      'udp-probe udp': 3,
    });
    expect(allPackets(app.lines), attacker.ip).toBe(arrived);
  });

  it('ends with 2 and one line where WATCH=raw asks for them', () => {
    const { status, stderr } = inside.app(network.decoy.netns, { nodeFlags: withoutAddons, env: { WATCH: 'raw' } });
    expect(stderr).toMatch(/^app: WATCH="raw": raw sockets are not to be had \(.+\); [^\n]+\n$/);
    expect(status).toBe(2);
  });

  it.each(['WATCH=rw', 'SIBLING_PORTS=80,x', 'SIBLING_PORTS=0'])('ends with 2 and one line for %s', (setting) => {
    const [name = '', value = ''] = setting.split('=');
    const { status, stderr } = inside.app(network.decoy.netns, { env: { [name]: value } });
    expect(stderr).toMatch(new RegExp(`^app: ${name}="${value}": must be [^\\n]+\\n$`));
    expect(status).toBe(2);
  });

  it('does not run as root where it cannot become anyone else', () => {
    const limits = ['--bounding-set', '-all,+net_raw', '--inh-caps', '-all'];
    const { status, stderr } = inside.app(network.decoy.netns, { limits });
    expect(stderr).toMatch(/^app: uid 0: cannot become uid 65532 \(.+\); add the capabilities SETUID and SETGID\n$/);
    expect(status).toBe(2);
  });
});

describe.skipIf(reason)(titled('app under a flood', reason), () => {
  it('shows a new source within a second and accounts for every packet that was sent', async () => {
    const network = createNetwork('appf');
    const { decoy, attacker } = network;
    const newcomer = sourcesOf(network, 1)[0]!;
    setCable(network, 'down');
    const app = await startDecoy('app', { netns: decoy.netns });
    const before = received(decoy.netns);
    setCable(network, 'up');
    const sender = startSender(network, { kind: 'syn', rate: 10_000, seconds: 4 });
    await app.waitFor((line) => line.source?.ip === attacker.ip, 5_000);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const asked = performance.now();
    network.attack(['ping', '-c1', '-I', newcomer.ip, decoy.ip]);
    await app.waitFor((line) => line.source?.ip === newcomer.ip, 5_000);
    const took = performance.now() - asked;
    const sent = await sender;
    setCable(network, 'down');
    await app.stop();
    const arrived = received(decoy.netns) - before;
    network.remove();
    expect(took).toBeLessThan(1_000);
    expect(allPackets(app.lines)).toBe(arrived);
    const lost = app.lines.reduce((sum, line) => sum + (line.honeypod.lost ?? 0), 0);
    const flood = app.touches().filter((line) => line.source?.ip === attacker.ip && line.network?.transport === 'tcp');
    expect(countOf(flood) + lost).toBe(sent);
    expect(app.touches().length).toBeLessThan(30);
  });
});
