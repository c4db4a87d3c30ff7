// Rules: read from YAML with clear messages, evaluated over touches as they come.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SecurityEvent } from '../../alerts/events/security-event.ts';
import { createExceptions, exceptionFrom } from '../../alerts/exceptions/exceptions.ts';
import { createPipeline } from '../../alerts/pipeline.ts';
import { parseRules } from '../../alerts/rules/load.ts';
import { shippedRules } from '../../alerts/rules/shipped.ts';
import { touchText } from '../harness/touch-text.ts';

const CALICO = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml'), 'utf8');

function run(rules: string, quietMs?: number) {
  const loaded = parseRules(rules, 'test');
  expect(loaded.errors.map(String)).toEqual([]);
  const clock = { ms: 1_764_000_000_000 };
  const changes: [string, string, SecurityEvent][] = [];
  const pipeline = createPipeline({
    rules: loaded.rules,
    onEvent: (event, change) => changes.push([change, event.rule.name, event]),
    now: () => clock.ms,
    quietMs,
  });
  return {
    clock,
    pipeline,
    changes,
    touch: (options: Parameters<typeof touchText>[0]) => pipeline.line(touchText({ at: clock.ms, ...options })),
    opened: () => changes.filter(([change]) => change === 'opened').map(([, name]) => name),
  };
}

function alert(spec: string): string {
  return `apiVersion: alerts.internal/v1\nkind: GlobalAlert\nmetadata: {name: test.rule}\nspec:\n${spec.replace(/^/gm, '  ')}`;
}

describe('the five published rules, as Calico shipped them', () => {
  it('ping of the app: ip.enum once, and never a scan however long it goes on', () => {
    const { touch, opened, clock, changes } = run(CALICO);
    for (let second = 0; second < 60; second++) {
      touch({ decoy: 'app', action: 'icmp-echo-request', transport: 'icmp' });
      clock.ms += 1_000;
    }
    expect(opened()).toEqual(['honeypod.ip.enum']);
    expect(changes.at(-1)?.[2].count).toBe(60);
  });

  it('a folded scan of the app: ip.enum, port.scan and network.ssh', () => {
    const { touch, opened } = run(CALICO);
    touch({ decoy: 'app', port: 80 });
    touch({ decoy: 'app', port: 443, count: 999, ports: '1-1000' });
    expect(opened().sort()).toEqual(['honeypod.ip.enum', 'honeypod.network.ssh', 'honeypod.port.scan']);
  });

  it('three ports are no scan, the fourth is', () => {
    const { touch, opened, clock } = run(CALICO);
    for (const port of [80, 81, 82, 82, 81]) touch({ decoy: 'app', port });
    expect(opened()).toEqual(['honeypod.ip.enum']);
    clock.ms += 60_000;
    touch({ decoy: 'app', port: 83 });
    expect(opened()).toEqual(['honeypod.ip.enum', 'honeypod.port.scan']);
  });

  it('ports of two sources do not add up to a scan', () => {
    const { touch, opened } = run(CALICO);
    for (const port of [80, 81]) for (const ip of ['10.1.1.1', '10.1.1.2']) touch({ decoy: 'app', port, ip });
    expect(opened()).toEqual(['honeypod.ip.enum', 'honeypod.ip.enum']);
  });

  it('dashboard and db: fake.svc on 8080 only, vuln.svc on anything', () => {
    const { touch, opened } = run(CALICO);
    touch({ decoy: 'dashboard', port: 443 });
    expect(opened()).toEqual([]);
    touch({ decoy: 'dashboard', port: 8080 });
    touch({ decoy: 'db', port: 3306 });
    expect(opened()).toEqual(['honeypod.fake.svc', 'honeypod.vuln.svc']);
  });

  it('fill their summaries', () => {
    const { touch, changes } = run(CALICO);
    touch({ decoy: 'app', port: 22, ip: '10.9.9.9' });
    expect(changes.find(([, name]) => name === 'honeypod.network.ssh')?.[2].message).toBe(
      '[Honeypod] Attempted SSH connection by a private address (10.9.9.9)',
    );
  });
});

describe('shipped rules', () => {
  it('are Calico’s five by name and ours, each with technique and mitigation', () => {
    const { rules, errors } = shippedRules();
    expect(errors).toEqual([]);
    expect(rules.map((rule) => rule.name).sort()).toEqual(
      [
        'bruteforce',
        'canary',
        'dos',
        'exfiltration',
        'exploit',
        'fake.svc',
        'gap',
        'ip.enum',
        'lure.svc',
        'network.ssh',
        'port.scan',
        'privilege',
        'silent',
        'vuln.svc',
      ].map((name) => `honeypod.${name}`),
    );
    for (const rule of rules) {
      expect(rule.techniques.length).toBeGreaterThan(0);
      expect(rule.mitigations.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('follow the debug site to another port', () => {
    const { rules } = shippedRules({ debugPort: 18_080 });
    expect(JSON.stringify(rules.find((rule) => rule.name === 'honeypod.fake.svc')?.query)).toContain('"18080"');
    expect(JSON.stringify(rules)).not.toContain('"8080"');
  });
});

describe('events', () => {
  it('one per rule, source and decoy; counted on; closed after a quiet time and opened anew', () => {
    const { touch, clock, changes, opened, pipeline } = run(CALICO, 60_000);
    touch({ decoy: 'db', port: 3306 });
    touch({ decoy: 'db', port: 3306, count: 41 });
    touch({ decoy: 'db', port: 3306, ip: '10.1.1.9' });
    expect(opened()).toEqual(['honeypod.vuln.svc', 'honeypod.vuln.svc']);
    expect(changes[1]?.[2].count).toBe(42);
    clock.ms += 61_000;
    pipeline.tick();
    expect(changes.filter(([change]) => change === 'closed').length).toBe(2);
    touch({ decoy: 'db', port: 3306 });
    expect(opened().length).toBe(3);
  });

  it('do not count a line that arrives twice', () => {
    const { pipeline, changes } = run(CALICO);
    const text = touchText({ decoy: 'db', port: 3306 });
    pipeline.line(text);
    pipeline.line(text);
    expect(changes.length).toBe(1);
  });

  it('are not upset by any line', () => {
    const { pipeline, changes } = run(CALICO);
    for (const text of [
      '',
      'x',
      '{}',
      'null',
      '[]',
      '{"event":null}',
      '{"event":{"module":"honeypod"}}',
      '9'.repeat(100_000),
      touchText({ decoy: 'db' }).replace('3306', '"x"'),
    ])
      pipeline.line(text);
    expect(changes.length).toBeLessThanOrEqual(1);
  });

  it('read CRI and docker wrappings', () => {
    const { pipeline, opened } = run(CALICO);
    pipeline.line(`2026-11-23T04:26:32.127000000Z stdout F ${touchText({ decoy: 'db', port: 3306, ip: '10.2.0.1' })}`);
    pipeline.line(
      JSON.stringify({
        log: `${touchText({ decoy: 'db', port: 3306, ip: '10.2.0.2' })}\n`,
        stream: 'stdout',
        time: 'now',
      }),
    );
    expect(opened().length).toBe(2);
  });
});

describe('metrics and conditions', () => {
  it.each([
    ['count', undefined, 'gte', 3, [1, 1, 1], 3],
    ['count', undefined, 'gt', 3, [1, 1, 1], undefined],
    ['sum', 'honeypod.payload_bytes', 'gte', 100, [40, 40, 40], 3],
    ['max', 'honeypod.payload_bytes', 'gt', 40, [10, 40, 41], 3],
    ['min', 'honeypod.payload_bytes', 'lt', 10, [20, 10, 9], 3],
  ] as const)('%s %s %s %d fires at once when it comes true', (metric, field, condition, threshold, values, at) => {
    const { touch, opened } = run(
      alert(
        `description: d\nseverity: 5\ndataSet: touches\nmetric: ${metric}\n${field ? `field: ${field}\n` : ''}condition: ${condition}\nthreshold: ${threshold}`,
      ),
    );
    const fired: number[] = [];
    for (const [index, bytes] of values.entries()) {
      touch({ decoy: 'db', port: 3306, bytes });
      if (opened().length && !fired.length) fired.push(index + 1);
    }
    expect(fired[0]).toBe(at);
  });

  it.each([
    ['count', undefined, 'lt', 5, true],
    ['count', undefined, 'eq', 3, true],
    ['count', undefined, 'not_eq', 3, false],
    ['avg', 'honeypod.payload_bytes', 'gte', 20, true],
    ['avg', 'honeypod.payload_bytes', 'gt', 20, false],
    ['max', 'honeypod.payload_bytes', 'lte', 30, true],
  ] as const)('%s %s %s %d is judged at the end of the period', (metric, field, condition, threshold, fires) => {
    const { touch, opened, clock, pipeline } = run(
      alert(
        `description: d\nseverity: 5\ndataSet: touches\nperiod: 1m\nmetric: ${metric}\n${field ? `field: ${field}\n` : ''}condition: ${condition}\nthreshold: ${threshold}`,
      ),
    );
    pipeline.tick();
    for (const bytes of [10, 20, 30]) touch({ decoy: 'db', port: 3306, bytes });
    expect(opened()).toEqual([]);
    clock.ms += 61_000;
    pipeline.tick();
    expect(opened().length).toBe(fires ? 1 : 0);
  });

  it('forget what is older than lookback', () => {
    const { touch, opened, clock } = run(
      alert('description: d\nseverity: 5\ndataSet: touches\nlookback: 1m\nmetric: count\ncondition: gte\nthreshold: 3'),
    );
    for (let at = 0; at < 6; at++) {
      touch({ decoy: 'db', port: 3306 });
      clock.ms += 40_000;
    }
    expect(opened()).toEqual([]);
  });
});

describe('lines read late, as after an hour in which nobody listened', () => {
  const MINUTE =
    'description: d\nseverity: 5\ndataSet: touches\naggregateBy: [source.ip]\nlookback: 1m\nmetric: count\ncondition: gte\nthreshold: 5';
  const HOUR_MS = 3_600_000;
  /** Reads touches that were written so many seconds before the last of them, an hour after it. */
  function readAll(secondsBefore: readonly number[], { apps = ['one'], late = HOUR_MS } = {}) {
    const { touch, opened, clock } = run(alert(MINUTE));
    const last = clock.ms;
    clock.ms += late;
    for (const [at, seconds] of secondsBefore.entries())
      touch({ decoy: 'db', port: 3306, at: last - seconds * 1_000, app: apps[at % apps.length]! });
    return opened();
  }

  it('count when they were written: five in eight minutes are not five in one', () => {
    expect(readAll([480, 360, 240, 120, 0])).toEqual([]);
  });

  it('five in one minute are found however late they are read', () => {
    expect(readAll([900, 50, 40, 30, 20, 10])).toEqual(['test.rule']);
  });

  it('are found when decoys are read in turns, each from its own beginning', () => {
    expect(readAll([900, 40, 800, 30, 700, 20, 600, 10, 500, 0], { apps: ['one', 'two'] })).toEqual(['test.rule']);
    expect(readAll([900, 240, 720, 180, 540, 120], { apps: ['one', 'two'] })).toEqual([]);
  });

  it('go on into those that are read at once', () => {
    expect(readAll([58, 48, 38, 10, 0], { late: 15_000 })).toEqual(['test.rule']);
    expect(readAll([62, 48, 38, 10, 0], { late: 15_000 })).toEqual([]);
  });

  it('a clock that is ahead, or years behind, counts as arrival', () => {
    for (const skew of [HOUR_MS, -10 * 365 * 24 * HOUR_MS]) {
      const { touch, opened, clock } = run(alert(MINUTE));
      for (let count = 0; count < 5; count++) {
        touch({ decoy: 'db', port: 3306, at: clock.ms + skew });
        clock.ms += 1_000;
      }
      expect(opened()).toEqual(['test.rule']);
    }
  });
});

describe('a broken rule is one clear message', () => {
  it.each([
    [
      'description: d\nseverity: 101\ndataSet: flows',
      'test.rule: spec.severity: 101 must be a whole number from 1 to 100',
    ],
    ['severity: 5\ndataSet: flows', 'test.rule: spec.description is required'],
    ['description: d\nseverity: 5', 'test.rule: spec.dataSet is required'],
    [
      'description: d\nseverity: 5\ndataSet: dns',
      'test.rule: spec.dataSet: dns is not seen by decoys; flows, touches, health are',
    ],
    ['description: d\nseverity: 5\ndataSet: flows\nperiod: 30s', 'test.rule: spec.period: 30s must be at least 1m'],
    [
      'description: d\nseverity: 5\ndataSet: flows\nlookback: soon',
      'test.rule: spec.lookback: "soon" must be a duration such as 5m or 1h30m',
    ],
    [
      'description: d\nseverity: 5\ndataSet: flows\nmetric: count\nfield: x\ncondition: gt',
      'test.rule: spec.field is not allowed with metric count',
    ],
    [
      'description: d\nseverity: 5\ndataSet: flows\nmetric: sum\ncondition: gt',
      'test.rule: spec.field is required with metric sum',
    ],
    ['description: d\nseverity: 5\ndataSet: flows\nmetric: count', 'test.rule: spec.condition is required with metric'],
    ['description: d\nseverity: 5\ndataSet: flows\ncondition: gt', 'test.rule: spec.condition needs a metric'],
    [
      'description: d\nseverity: 5\ndataSet: flows\nquery: dst_port=22',
      'test.rule: query: "dst_port" is not a field of dataSet flows',
    ],
    [
      'description: d\nseverity: 5\ndataSet: flows\nquerry: x',
      'test.rule: spec.querry is not a field of a GlobalAlert',
    ],
  ])('%s', (spec, message) => {
    const { rules, errors } = parseRules(
      `${alert(spec)}\n---\n${alert('description: d\nseverity: 1\ndataSet: touches')}`,
      'test',
    );
    expect(errors.map((error) => error.message)).toEqual([message]);
    expect(rules.length).toBe(1);
  });
});

describe('our own rules', () => {
  const OWN = readFileSync(join(import.meta.dirname, '..', '..', 'manifests', 'alerts.yaml'), 'utf8');

  it('bruteforce: five failed logins within a minute, folded ones counted', () => {
    const { touch, opened } = run(OWN);
    touch({ decoy: 'db', action: 'mysql-login', outcome: 'failure', port: 3306, count: 4 });
    touch({ decoy: 'db', action: 'mysql-login', outcome: 'success', port: 3306, count: 10 });
    expect(opened()).toEqual([]);
    touch({ decoy: 'db', action: 'mysql-login', outcome: 'failure', port: 3306 });
    expect(opened()).toEqual(['honeypod.bruteforce']);
  });

  it('dos: ten thousand touches of one source on one decoy within a minute', () => {
    const { touch, opened } = run(OWN);
    touch({ decoy: 'app', port: 80, count: 6_000 });
    touch({ decoy: 'dashboard', port: 8080, count: 6_000 });
    expect(opened()).toEqual([]);
    touch({ decoy: 'app', port: 80, count: 4_000 });
    expect(opened()).toEqual(['honeypod.dos']);
  });

  it.each([
    [{ signature: 'log4shell', techniques: ['T1210'] as const }, ['honeypod.exploit']],
    [{ signature: 'mysqldump', techniques: ['T1213.006'] as const }, ['honeypod.exfiltration']],
    [{ signature: 'create-user', techniques: ['T1136'] as const }, ['honeypod.privilege']],
    [{ signature: 'udf', techniques: ['T1505.001'] as const }, ['honeypod.exploit', 'honeypod.privilege']],
    [{ techniques: ['T1213'] as const }, []],
    [{ canary: '/debug/vars' }, ['honeypod.canary']],
  ])('%j: %j', (more, expected) => {
    const { touch, opened } = run(OWN);
    touch({ decoy: 'db', action: 'mysql-query', port: 3306, ...more });
    expect(opened().sort()).toEqual(expected);
  });
});

describe('exceptions', () => {
  it('count what they cover in an event of its own that nobody is told of', () => {
    const loaded = parseRules(CALICO, 'test');
    const exceptions = createExceptions();
    exceptions.set(exceptionFrom({ metadata: { name: 'own-scanner' }, spec: { sourceCIDRs: ['10.9.0.0/16'] } }));
    const told: (string | undefined)[] = [];
    const pipeline = createPipeline({
      rules: loaded.rules,
      exceptions,
      onEvent: (event) => told.push(event.exception),
    });
    pipeline.line(touchText({ decoy: 'db', port: 3306, ip: '10.9.0.1' }));
    pipeline.line(touchText({ decoy: 'db', port: 3306, ip: '10.9.0.1' }));
    pipeline.line(touchText({ decoy: 'db', port: 3306, ip: '10.8.0.1' }));
    expect(told).toEqual(['own-scanner', 'own-scanner', undefined]);
    expect([...pipeline.openEvents()].map(({ count, exception }) => [count, exception])).toEqual([
      [2, 'own-scanner'],
      [1, undefined],
    ]);
  });
});
