// What goes into Grafana, Kibana, Loki and Elasticsearch names only fields and metrics that we write.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { outside } from '../../alerts/attribution/culprit.ts';
import { AlertLine } from '../../alerts/events/alert-line.ts';
import { openEvent } from '../../alerts/events/security-event.ts';
import { createMetrics } from '../../alerts/outputs/prometheus/metrics.ts';
import { createEvaluator } from '../../alerts/rules/evaluate.ts';
import { shippedRules } from '../../alerts/rules/shipped.ts';
import { TouchLine } from '../../decoys/touch/schema.ts';
import { createIncident } from '../harness/incident.ts';

const MONITORING = join(import.meta.dirname, '..', '..', 'manifests', 'components', 'monitoring');
const read = (file: string) => readFileSync(join(MONITORING, file), 'utf8');

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

/** Dotted names of every leaf. */
function pathsOf(schema: Schema, prefix = ''): string[] {
  const own = schema.type === 'array' ? schema.items : schema;
  if (!own?.properties) return prefix ? [prefix] : [];
  return Object.entries(own.properties).flatMap(([name, inner]) => pathsOf(inner, prefix ? `${prefix}.${name}` : name));
}

const touchFields = new Set(pathsOf(TouchLine as unknown as Schema));
const alertFields = new Set(pathsOf(AlertLine as unknown as Schema));
const unknown = (names: Iterable<string>, known: ReadonlySet<string>) =>
  [...new Set(names)].filter((name) => !known.has(name));

/** Metric names with their labels, as alerts would expose them now. */
function exposed(): { names: Set<string>; labels: Set<string> } {
  const metrics = createMetrics();
  const incident = createIncident();
  incident.heartbeat();
  incident.ping('10.1.1.1');
  const lines = incident
    .take()
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as TouchLine);
  const evaluator = createEvaluator(shippedRules().rules);
  const events = lines
    .filter((line) => line.event.kind === 'event')
    .flatMap((line) => [...evaluator.touch(line, outside(line.source?.ip), Date.now())])
    .map((match) => openEvent(match, Date.now()));
  for (const line of lines) {
    metrics.line('touch');
    if (line.event.kind === 'metric') metrics.heartbeat(line, Date.now());
    else metrics.touch(line);
  }
  for (const event of events) metrics.notice(event, 'opened');
  const text = metrics.text(
    {
      version: '0',
      startedMs: 0,
      durable: true,
      openEvents: events,
      outputs: [{ name: 'stdout', delivered: 1, retried: 0, lost: 0, depth: 0, oldestMs: undefined }],
      residentBytes: 1,
      cpuSeconds: 1,
    },
    Date.now(),
  );
  return {
    names: new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)),
    labels: new Set([...text.matchAll(/[{,]([a-z_]+)="/g)].map(([, name]) => name!)),
  };
}

interface Panel {
  readonly title: string;
  readonly datasource?: { readonly type: string };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[];
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

describe('Grafana’s dashboard', () => {
  const { panels } = JSON.parse(read('grafana/honeypods.json')) as { panels: Panel[] };
  const queries = (type: string) =>
    panels.filter(({ datasource }) => datasource?.type === type).flatMap(({ targets }) => targets ?? []);

  it('asks Prometheus for metrics and labels that alerts exposes', () => {
    const { names, labels } = exposed();
    const prometheus = queries('prometheus');
    expect(prometheus.length).toBeGreaterThan(8);
    const asked = prometheus.flatMap(({ expr }) => expr.match(/\bhoneypods_\w+/g) ?? []);
    expect(unknown(asked, names)).toEqual([]);
    const by = prometheus.flatMap(({ expr, legendFormat = '' }) => [
      ...[...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list]) => list!.split(/,\s*/)),
      ...[...expr.matchAll(/[{,](\w+)[=!~]+"/g)].map(([, name]) => name!),
      ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!),
    ]);
    expect(by.length).toBeGreaterThan(5);
    expect(unknown(by, labels)).toEqual([]);
  });

  it('asks Loki for fields of our lines, flattened as `| json` flattens them', () => {
    const flat = new Set([...touchFields, ...alertFields].map((name) => name.replaceAll(/[.@]/g, '_')));
    const loki = queries('loki');
    expect(loki.length).toBeGreaterThan(6);
    const asked = loki.flatMap(({ expr, legendFormat = '' }) => [
      ...[...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list]) => list!.split(/,\s*/)),
      ...[...expr.matchAll(/\| (\w+)[=!]+"/g)].map(([, name]) => name!),
      ...[...expr.matchAll(/unwrap (\w+)/g)].map(([, name]) => name!),
      ...[...expr.matchAll(/\{\{\.(\w+)\}\}/g)].map(([, name]) => name!),
      ...[...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name!),
    ]);
    expect(asked).toContain('honeypod_mysql_statement');
    expect(unknown(asked, flat)).toEqual([]);
  });

  it('lays no panel over another', () => {
    for (const [at, { gridPos: a, title }] of panels.entries())
      for (const { gridPos: b, title: other } of panels.slice(at + 1)) {
        const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
        expect(apart, `${title} / ${other}`).toBe(true);
      }
  });
});

interface SavedObject {
  readonly id: string;
  readonly type: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly references: readonly { readonly id: string; readonly type: string; readonly name: string }[];
}

describe('Kibana’s saved objects', () => {
  const objects = read('kibana/honeypods.ndjson')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as SavedObject);
  const fieldsOf = (view: string) => (view === 'honeypods-alerts' ? alertFields : touchFields);

  it('name fields of the view they look at', () => {
    let named = 0;
    for (const { id, type, attributes, references } of objects) {
      const view = references.find((reference) => reference.type === 'index-pattern')?.id;
      if (view === undefined) continue;
      const known = fieldsOf(view);
      const fields: string[] = [];
      if (type === 'visualization') {
        const { aggs } = JSON.parse(attributes.visState as string) as { aggs: { params: { field?: string } }[] };
        fields.push(...aggs.flatMap(({ params }) => params.field ?? []));
      }
      if (type === 'search') fields.push(...(attributes.columns as string[]));
      const meta = attributes.kibanaSavedObjectMeta as { searchSourceJSON: string };
      const { query } = JSON.parse(meta.searchSourceJSON) as { query: { query: string } };
      fields.push(...[...query.query.matchAll(/([\w.@]+):/g)].map(([, name]) => name!));
      named += fields.length;
      expect(unknown(fields, known), id).toEqual([]);
    }
    expect(named).toBeGreaterThan(40);
  });

  it('refer to objects that are there', () => {
    const known = new Set(objects.map(({ type, id }) => `${type} ${id}`));
    const asked = objects.flatMap(({ references }) => references.map(({ type, id }) => `${type} ${id}`));
    expect(asked.length).toBeGreaterThan(20);
    expect(unknown(asked, known)).toEqual([]);
    const dashboard = objects.find(({ type }) => type === 'dashboard')!;
    const panels = JSON.parse(dashboard.attributes.panelsJSON as string) as {
      panelIndex: string;
      panelRefName: string;
    }[];
    const names = new Set(dashboard.references.map(({ name }) => name));
    for (const { panelIndex, panelRefName } of panels) expect(names).toContain(`${panelIndex}:${panelRefName}`);
  });

  it('and the index template map fields of ours', () => {
    const template = JSON.parse(read('kibana/index-template.json')) as {
      template: { mappings: { properties: Record<string, Schema> } };
    };
    const mapped = Object.entries(template.template.mappings.properties).flatMap(([name, inner]) =>
      pathsOf(inner.properties ? { properties: inner.properties } : {}, name),
    );
    expect(mapped.length).toBeGreaterThan(10);
    expect(unknown(mapped, new Set([...touchFields, ...alertFields]))).toEqual([]);
  });
});

describe('shippers', () => {
  const all = new Set([...touchFields, ...alertFields]);

  it('know our lines by fields they have, and make no Loki label of what an intruder chooses', () => {
    const bit = read('shippers/fluent-bit.conf');
    const named = [...bit.matchAll(/\$(\w+)((?:\['\w+'\])+)/g)].map(
      ([, head, rest]) => `${head}.${[...rest!.matchAll(/'(\w+)'/g)].map(([, name]) => name).join('.')}`,
    );
    expect(named).toContain('event.module');
    expect(unknown(named, all)).toEqual([]);
    expect([...bit.matchAll(/Label_Keys\s+(.*)/g)].map(([, keys]) => keys)).toEqual(["$honeypod['decoy']"]);

    const vector = read('shippers/vector.toml');
    const used = [...vector.matchAll(/(?:line|'|")\.?((?:event)\.\w+)/g)].map(([, name]) => name!);
    expect(used).toContain('event.module');
    expect(unknown(used, all)).toEqual([]);

    const beat = read('shippers/filebeat.yml');
    expect(beat).toMatch(/event\.module: honeypod/);
    expect(
      unknown(
        [...beat.matchAll(/document_id: (\S+)/g)].map(([, name]) => name!),
        all,
      ),
    ).toEqual([]);
  });
});
