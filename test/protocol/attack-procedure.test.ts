// The published attack procedure against `npm start`, from a second host: every line leaves its touches and opens the right events.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNetwork, type Network, noNetns } from '../harness/netns.ts';
import { type Product, startProduct } from '../harness/product.ts';
import { missing, titled } from '../harness/tools.ts';

const why = noNetns() || missing('ping', 'nmap', 'curl', 'nc', 'mariadb');
/** The promise is 100 ms; a shared machine under test gets this much. */
const ALERT_MS = 1_000;

describe.skipIf(why)(titled('the published attack procedure', why), () => {
  let network: Network;
  let product: Product;
  let host: string;

  beforeAll(async () => {
    network = createNetwork('attack');
    host = network.decoy.ip;
    product = await startProduct({ netns: network.decoy.netns });
  });

  afterAll(async () => {
    await product?.stop();
    network?.remove();
  });

  /** Runs a command on the attacker's host and returns where the alerts stood before. */
  function attack(command: string, timeoutMs = 60_000): number {
    const from = product.alerts.length;
    network.attack(command.split(' '), timeoutMs);
    return from;
  }

  /** Touches of a decoy whose line fits, folded ones counted. */
  function count(decoy: string, fits: (line: Product['touches'][number]['line']) => boolean = () => true): number {
    return product.touches
      .filter(({ line }) => line.honeypod.decoy === decoy && line.event.kind === 'event' && fits(line))
      .reduce((sum, { line }) => sum + (line.honeypod.count ?? 0), 0);
  }

  it('says where each decoy listens and one line to try for each', () => {
    const said = product.stderr.join('\n');
    for (const words of [`ping -c1 ${host}`, `curl http://${host}:8080/debug/`, `https://${host}`, `mariadb`])
      expect(said).toContain(words);
  });

  it('ping -c5: five echo requests counted, honeypod.ip.enum and nothing else', async () => {
    const from = attack(`ping -c5 -i0.3 ${host}`);
    const alert = await product.alert('honeypod.ip.enum', from);
    expect(alert.line.source.ip).toBe(network.attacker.ip);
    const first = product.touches.find(({ line }) => line.event.action === 'icmp-echo-request');
    expect(Date.parse(alert.line['@timestamp']) - Date.parse(first!.line['@timestamp'])).toBeLessThan(ALERT_MS);
    await expect
      .poll(() => count('app', (line) => line.event.action === 'icmp-echo-request'), { timeout: 3_000 })
      .toBe(5);
    expect(product.rules(from)).toEqual(['honeypod.ip.enum']);
  });

  it('curl of the debug port: an http-request touch, honeypod.fake.svc and nothing else', async () => {
    const from = attack(`curl -m3 -skI http://${host}:8080/debug/`);
    await product.alert('honeypod.fake.svc', from);
    const touch = product.touches.find(({ line }) => line.event.action === 'http-request');
    expect(touch?.line).toMatchObject({
      http: { request: { method: 'HEAD' } },
      url: { path: '/debug/' },
      source: { ip: network.attacker.ip },
    });
    expect(product.rules(from)).toEqual(['honeypod.fake.svc']);
  });

  it('curl of 443: the call hangs, a TLS ClientHello is a touch, honeypod.lure.svc', async () => {
    const from = product.alerts.length;
    const run = network.attack(['curl', '-kL', '-m2', `https://${host}`]);
    expect(run.status).toBe(28); // curl: operation timed out
    await product.alert('honeypod.lure.svc', from);
    expect(
      product.touches.some(({ line }) => line.event.action === 'tls-client-hello' && line.destination?.port === 443),
    ).toBe(true);
    expect(product.rules(from)).toEqual(['honeypod.lure.svc']);
  });

  it('nc -zv 3306: connect and nothing more is a touch, honeypod.vuln.svc and nothing else', async () => {
    const from = attack(`nc -zv -w2 ${host} 3306`);
    await product.alert('honeypod.vuln.svc', from);
    expect(count('db', (line) => line.event.action === 'tcp-connect')).toBe(1);
    expect(product.rules(from)).toEqual(['honeypod.vuln.svc']);
  });

  it('curl of 3306: HTTP bytes are a touch of the db', async () => {
    const before = count('db');
    attack(`curl -m3 -s http://${host}:3306`);
    await expect.poll(() => count('db'), { timeout: 3_000 }).toBeGreaterThan(before);
    const touch = product.touches.filter(({ line }) => line.event.action === 'mysql-malformed').at(-1);
    expect(touch?.line.honeypod.payload).toContain('GET / HTTP/1.1');
  });

  it('mariadb: root without a password gets in, and what is asked is on record', async () => {
    const run = network.attack(['mariadb', '--skip-ssl', '-h', host, '-u', 'root', '-e', 'SHOW DATABASES']);
    expect(run.stderr).toBe('');
    expect(run.stdout.trim().split('\n')).toEqual([
      'Database',
      'information_schema',
      'mysql',
      'performance_schema',
      'sys',
    ]);
    await expect
      .poll(() => product.touches.filter(({ line }) => line.honeypod.mysql?.statement === 'SHOW DATABASES').length, {
        timeout: 3_000,
      })
      .toBe(1);
    expect(product.touches.find(({ line }) => line.event.action === 'mysql-login')?.line.user?.name).toBe('root');
  });

  it('nmap --script=mysql-enum: the names it tries are on record', async () => {
    attack(`nmap -Pn -p3306 --script=mysql-enum ${host}`);
    await expect
      .poll(() => new Set(product.touches.map(({ line }) => line.user?.name)), { timeout: 5_000 })
      .toSatisfy((users: Set<string>) => users.has('netadmin') && users.has('webadmin'));
  });

  it('nmap -sn of the whole /24: the app is touched', async () => {
    const before = count('app');
    attack(`nmap -n -sn --max-retries 1 --host-timeout 20s -T4 ${host.replace(/\d+$/, '0/24')}`);
    await expect.poll(() => count('app'), { timeout: 3_000 }).toBeGreaterThanOrEqual(before);
    expect(product.rules()).not.toContain('honeypod.port.scan');
  });

  it('nmap -Pn: a port scan by name, every port counted, SSH noticed', async () => {
    const from = attack(`nmap -Pn -n ${host}`);
    await product.alert('honeypod.port.scan', from);
    await product.alert('honeypod.network.ssh', from);
    await expect
      .poll(() => Math.max(0, ...product.touches.map(({ line }) => line.honeypod.scan?.distinct_ports ?? 0)), {
        timeout: 5_000,
      })
      .toBeGreaterThanOrEqual(990);
  });

  it('opened one event per rule, source and decoy', () => {
    const keys = product.alerts.map(({ line }) => `${line.rule.name} ${line.source.ip} ${line.honeypod.decoy}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('ends within 2 s of Ctrl-C', async () => {
    const { code, ms } = await product.stop('SIGINT');
    expect(code).toBe(0);
    expect(ms).toBeLessThan(2_000);
  });
});
