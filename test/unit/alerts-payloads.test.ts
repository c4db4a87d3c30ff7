// What each output makes of a security event, whatever an attacker put into it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Culprit } from '../../alerts/attribution/culprit.ts';
import type { Change } from '../../alerts/events/open-events.ts';
import type { SecurityEvent } from '../../alerts/events/security-event.ts';
import { eventFrom, eventRow } from '../../alerts/events/stored.ts';
import { alertOf, labelsOf } from '../../alerts/outputs/alertmanager/payload.ts';
import { falcoPayload } from '../../alerts/outputs/falcosidekick/payload.ts';
import { createMetrics } from '../../alerts/outputs/prometheus/metrics.ts';
import { slackPayload } from '../../alerts/outputs/slack/payload.ts';
import { alertText } from '../../alerts/outputs/stdout/payload.ts';
import { syslogFrame } from '../../alerts/outputs/syslog/payload.ts';
import { createPipeline } from '../../alerts/pipeline.ts';
import { parseRules } from '../../alerts/rules/load.ts';
import { LINE_BYTES } from '../../decoys/touch/caps.ts';
import { parseAlert } from '../harness/lines.ts';
import { touchText } from '../harness/touch-text.ts';

const CALICO = readFileSync(join(import.meta.dirname, '..', 'fixtures', 'alerts', 'calico-honeypods.yaml'), 'utf8');
const NOW = 1_764_000_000_000;
const IP = '10.244.3.17';

const CART: Culprit = {
  kind: 'pod',
  confidence: 'exact',
  namespace: 'shop',
  name: 'cart-7f9c6d6b8-x2k9p',
  nameAggr: 'cart-7f9c6d6b8-*',
  type: 'wep',
  labels: ['app=cart'],
  uid: 'b7a1e6c4-0b35-47f1-9d02-5be0c7a4d113',
  node: 'node-3',
  owner: 'Deployment/cart',
  serviceAccount: 'cart',
};

type Extra = Record<string, unknown>;

/** Lines of the db decoy with `honeypod` and other fields added, through the pipeline; its changes. */
function run(touches: readonly { honeypod?: Extra; line?: Extra; culprit?: Culprit }[]) {
  const changes: { change: Change; event: SecurityEvent }[] = [];
  let culprit: Culprit | undefined;
  const clock = { ms: NOW };
  const pipeline = createPipeline({
    rules: parseRules(CALICO, 'test').rules,
    onEvent: (event, change) => changes.push({ change, event: structuredClone(event) }),
    now: () => clock.ms,
    ...(touches.some((touch) => touch.culprit) ? { attribute: () => culprit! } : {}),
  });
  for (const touch of touches) {
    culprit = touch.culprit;
    const line = JSON.parse(touchText({ decoy: 'db', port: 3306, ip: IP, at: clock.ms })) as { honeypod: Extra };
    pipeline.line(JSON.stringify({ ...line, ...touch.line, honeypod: { ...line.honeypod, ...touch.honeypod } }));
    clock.ms += 1;
  }
  return { changes, pipeline, clock };
}

function eventOf(...touches: Parameters<typeof run>[0]): SecurityEvent {
  return run(touches).changes.at(-1)!.event;
}

const notice = (event: SecurityEvent, kind: 'opened' | 'closed' = 'opened') => ({ seq: 7, kind, atMs: NOW, event });

// Text as attackers write it: anything, and what means something to one of the receivers; short enough for a touch line.
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.constantFrom(
    '<!channel> <@U1> <http://evil|click>',
    '@all `x` *y* [a](http://evil)',
    '\n<14>1 forged',
    '"}\n{"forged":true',
    '\u202e\u0000\u001b[2J',
    '\ud800',
    'é'.repeat(300),
  ),
);
const hostileEvent = fc
  .record({
    user: hostile,
    statement: hostile,
    path: hostile,
    agent: hostile,
    signature: hostile,
    password: hostile,
    message: hostile,
  })
  .map((text) =>
    eventOf(
      ...Array.from({ length: 20 }, (_, at) => ({
        honeypod: {
          credential: { user: `${at}${text.user}`, password: `${at}${text.password}` },
          mysql: { statement: `${at}${text.statement}` },
          signature: `${at}${text.signature}`,
        },
        line: {
          user: { name: `${at}${text.user}` },
          url: { original: `${at}${text.path}` },
          user_agent: { original: `${at}${text.agent}` },
          message: text.message,
        },
      })),
    ),
  );
const CHECK = { numRuns: 60 };

describe('a security event', () => {
  it('keeps what its touches tried, each once, and counts what found no room', () => {
    const event = eventOf(
      ...Array.from({ length: 20 }, (_, at) => ({
        honeypod: { credential: { user: 'root', password: `guess-${at % 18}` }, mysql: { statement: 'SELECT 1' } },
      })),
    );
    expect(event.count).toBe(20);
    expect(event.evidence.credentials.length).toBe(16);
    expect(event.evidence.omitted).toBe(2);
    expect(event.evidence.statements).toEqual(['SELECT 1']);
    expect(event.evidence.ports).toEqual([[3306, 3306]]);
    expect(event.firstIds.length + event.lastIds.length).toBe(16);
  });

  it('has the same id when the same touches come again, another when they do not', () => {
    const line = touchText({ decoy: 'db', port: 3306 });
    const ids = [line, line, touchText({ decoy: 'db', port: 3306 })].map((text) => {
      let id = '';
      createPipeline({ rules: parseRules(CALICO, 'test').rules, onEvent: (event) => (id = event.id) }).line(text);
      return id;
    });
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('is told of again when it has grown tenfold, shows a new signature or canary, or its source becomes certain', () => {
    const claimed: Culprit = { ...CART, confidence: 'claimed' };
    const touch = (honeypod: Extra = {}, culprit = claimed) => ({ honeypod, culprit });
    const { changes } = run([
      touch(),
      touch({ count: 8 }),
      touch(),
      touch({ signature: 'log4shell' }),
      touch({ signature: 'log4shell' }),
      touch({ canary: 'db-backup' }),
      touch({}, CART),
      touch({}, CART),
    ]);
    expect(changes.map(({ change }) => change)).toEqual([
      ...['opened', 'counted', 'escalated', 'escalated', 'counted', 'escalated', 'escalated', 'counted'],
    ]);
    expect(changes.at(-1)!.event.culprit.confidence).toBe('exact');
  });

  it('is the same after it has been stored', () => {
    fc.assert(
      fc.property(hostileEvent, (event) => {
        expect(eventFrom(eventRow(event).body)).toEqual(JSON.parse(JSON.stringify(event)));
      }),
      CHECK,
    );
  });
});

describe('the alert line', () => {
  it('fits its schema and stays under 8 KiB whatever was tried', () => {
    fc.assert(
      fc.property(hostileEvent, fc.boolean(), (event, ascii) => {
        const text = alertText(event, NOW, { passwords: true, ascii });
        expect(Buffer.byteLength(text)).toBeLessThan(LINE_BYTES);
        expect(text.split('\n').length).toBe(2);
        expect(parseAlert(text).event.id).toBe(event.id);
        if (ascii) expect(text).toMatch(/^[\x20-\x7e]+\n$/);
      }),
      CHECK,
    );
  });

  it('shows a password nowhere unless asked to', () => {
    const event = eventOf({
      honeypod: {
        credential: { user: 'root', password: 'Winter-2026' },
        mysql: { statement: "CREATE USER x IDENTIFIED BY 'Winter-2026'" },
      },
      line: { url: { original: '/login?p=Winter-2026' }, message: 'tried Winter-2026' },
    });
    expect(alertText(event, NOW, { passwords: true })).toContain('Winter-2026');
    for (const text of [
      alertText(event, NOW),
      JSON.stringify(falcoPayload(notice(event), false)),
      JSON.stringify(slackPayload(notice(event), false)),
      JSON.stringify(alertOf(event, {}, NOW, false)),
      syslogFrame(notice(event), { facility: 'local0', hostname: 'h', passwords: false }),
    ])
      expect(text).not.toContain('Winter-2026');
  });
});

describe('Alertmanager', () => {
  it('gets labels that identify the event and hold no address, the rest as annotations', () => {
    const event = eventOf({ culprit: CART });
    const alert = alertOf(event, labelsOf(event, { team: 'blue' }), NOW + 1_000, false);
    expect(alert.labels).toEqual({
      team: 'blue',
      alertname: 'honeypod.vuln.svc',
      severity: 'critical',
      event_id: event.id,
      decoy: 'db',
      namespace: 'tigera-internal',
      source_kind: 'pod',
      source_namespace: 'shop',
      source_workload: 'Deployment/cart',
    });
    expect(Object.values(alert.labels).join()).not.toContain(IP);
    expect(alert.annotations).toMatchObject({ source_ip: IP, source_pod: 'shop/cart-7f9c6d6b8-x2k9p', touches: '1' });
  });
});

describe('Falcosidekick', () => {
  it('gets ASCII text in every output field, whatever was tried', () => {
    fc.assert(
      fc.property(hostileEvent, (event) => {
        const payload = falcoPayload(notice(event), true);
        for (const value of [...Object.values(payload.output_fields), payload.output, payload.rule]) {
          expect(typeof value).toBe('string');
          expect(value).toMatch(/^[\x20-\x7e]*$/);
        }
      }),
      CHECK,
    );
  });

  it.each([
    ['exact', 'opened', 'cart-7f9c6d6b8-x2k9p'],
    ['exact', 'closed', undefined],
    ['claimed', 'opened', undefined],
    ['reused', 'opened', undefined],
  ] as const)('names the pod to act on for a source that is %s and an event just %s: %s', (confidence, kind, pod) => {
    const fields = falcoPayload(notice(eventOf({ culprit: { ...CART, confidence } }), kind), false).output_fields;
    expect(fields['k8s.pod.name']).toBe(pod);
    expect(fields['k8s.ns.name']).toBe(pod && 'shop');
    expect(fields['source.pod']).toBe('cart-7f9c6d6b8-x2k9p');
  });

  it('never names a node, a service or an outsider as a pod', () => {
    for (const kind of ['node', 'service', 'outside', 'unknown'] as const)
      expect(falcoPayload(notice(eventOf({ culprit: { ...CART, kind } })), false).output_fields).not.toHaveProperty(
        'k8s.pod.name',
      );
  });
});

describe('Slack', () => {
  it('gets text that mentions nobody and links nowhere', () => {
    fc.assert(
      fc.property(hostileEvent, (event) => {
        const text = JSON.stringify(slackPayload(notice(event), true));
        expect(text).not.toMatch(/[<>@[]http|<!|<@|@all|@channel|\]\(/);
        expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
      }),
      CHECK,
    );
  });
});

describe('syslog', () => {
  it('gets one frame of RFC 5424 with its exact length, under 8 KiB', () => {
    fc.assert(
      fc.property(hostileEvent, (event) => {
        const frame = syslogFrame(notice(event), { facility: 'local0', hostname: 'siem host\n', passwords: true });
        const [, length, message] = /^(\d+) ([\s\S]*)$/.exec(frame)!;
        expect(Number(length)).toBe(Buffer.byteLength(message!));
        expect(Number(length)).toBeLessThan(8_192);
        expect(message).toMatch(
          /^<130>1 2025-11-24T16:00:00\.000Z siemhost alerts - honeypod\.vuln\.svc - \{[\x20-\x7e]*\}$/,
        );
      }),
      CHECK,
    );
  });
});

describe('metrics', () => {
  it('have no series an attacker can add: neither sources nor names of a decoy that lies', () => {
    const metrics = createMetrics();
    const { changes } = run([{ line: { source: { ip: '10.66.6.6', port: 1 } } }]);
    metrics.notice(changes[0]!.event, 'opened');
    for (let at = 0; at < 50; at++) {
      const line = JSON.parse(touchText({ decoy: 'db', port: 3306, ip: `10.66.7.${at}` })) as Parameters<
        typeof metrics.touch
      >[0];
      metrics.touch({ ...line, honeypod: { ...line.honeypod, decoy: `liar-${at}` as 'db' } });
    }
    const text = metrics.text(
      {
        version: '1',
        startedMs: 0,
        durable: true,
        openEvents: [changes[0]!.event],
        outputs: [],
        residentBytes: 1,
        cpuSeconds: 1,
      },
      NOW,
    );
    expect(text).not.toContain('10.66');
    expect(text).toContain('honeypods_touches_total{decoy="other"} 50');
    expect(text).toContain(
      'honeypods_events_total{rule="honeypod.vuln.svc",decoy="db",severity="critical",notice="opened"} 1',
    );
  });

  it('forget the pods longest unheard past their bound', () => {
    const metrics = createMetrics();
    const line = JSON.parse(touchText({ decoy: 'db', port: 3306 })) as Parameters<typeof metrics.heartbeat>[0];
    for (let at = 0; at < 10_050; at++) {
      const { orchestrator } = line;
      metrics.heartbeat(
        { ...line, orchestrator: { ...orchestrator, resource: { ...orchestrator.resource, name: `pod-${at}` } } },
        NOW,
      );
    }
    const text = metrics.text(
      { version: '1', startedMs: 0, durable: true, openEvents: [], outputs: [], residentBytes: 1, cpuSeconds: 1 },
      NOW,
    );
    expect(text.match(/^honeypods_heartbeat_timestamp_seconds\{/gm)?.length).toBe(10_000);
    expect(text).not.toContain('"pod-49"');
  });
});
