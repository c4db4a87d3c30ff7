// The shipped manifests, file by file: types, our own kinds and their rules, Pod Security, and words an intruder could read.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../alerts/config/config.ts';
import { exceptionFrom } from '../../alerts/exceptions/exceptions.ts';
import { parseRules, ruleFrom } from '../../alerts/rules/load.ts';
import { CONDITIONS, DATA_SETS, METRICS } from '../../alerts/rules/rule.ts';
import { TECHNIQUES } from '../../decoys/touch/actions.ts';
import { RECIPES } from '../../images/recipes.ts';
import { resourceProblems, type Schema, schemaOf } from '../harness/custom-resource.ts';
import { typeProblems } from '../harness/kubernetes-types.ts';
import { type KubernetesObject, MANIFESTS, objectsIn, objectsOf, podTemplateOf } from '../harness/manifests.ts';
import { violations } from '../harness/pod-security.ts';

const FILES = [
  'common.yaml',
  'ip-enum.yaml',
  'expose-svc.yaml',
  'vuln-svc.yaml',
  'alerts.yaml',
  'alert-templates.yaml',
  'security-events.yaml',
];
const objects = FILES.flatMap(objectsOf);
const decoys = objects.filter((object) => object.metadata.namespace === 'tigera-internal' && podTemplateOf(object));
const { version } = JSON.parse(readFileSync(join(MANIFESTS, '..', 'package.json'), 'utf8')) as { version: string };

function find(kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

const definition = (plural: string) => find('CustomResourceDefinition', `${plural}.alerts.internal`);
const clone = (object: KubernetesObject) => structuredClone(object);

describe('types', () => {
  it('every object is what Kubernetes’ types allow, with no field they do not know', async () => {
    expect(await typeProblems(objects)).toEqual([]);
    const more = readdirSync(join(MANIFESTS, 'components')).flatMap((component) => {
      const [{ resources = [] }] = objectsOf(join('components', component, 'kustomization.yaml')) as [KubernetesObject];
      return resources.map((file: string) => join('components', component, file)) as string[];
    });
    expect(more.length).toBeGreaterThan(2);
    expect(await typeProblems(more.flatMap(objectsOf))).toEqual([]);
  });

  it('a wrong value and an unknown field are refused', async () => {
    const wrong = clone(find('Service', 'tigera-internal-backend'));
    wrong.spec.ports[0].protocol = 'tcp';
    const unknown = clone(find('DaemonSet', 'tigera-internal-app'));
    unknown.spec.template.spec.containers[0].securityContext.readOnlyRootFileSystem = true;
    const problems = (await typeProblems([wrong, unknown])).join('\n');
    expect(problems).toMatch(/Service\/tigera-internal-backend: .*protocol must be equal to one of/);
    expect(problems).toMatch(/DaemonSet\/tigera-internal-app: .*readOnlyRootFileSystem.* does not exist/);
  });

  it('holds no empty text or list, which a server does not keep and every apply would write again', () => {
    const empty = (value: unknown, path: string): string[] => {
      if (value === '' || (Array.isArray(value) && value.length === 0)) return [path];
      if (Array.isArray(value)) return value.flatMap((item, at) => (item === '' ? [] : empty(item, `${path}[${at}]`)));
      if (typeof value !== 'object' || value === null) return [];
      return Object.entries(value).flatMap(([key, item]) => empty(item, `${path}.${key}`));
    };
    expect(objects.flatMap((object) => empty(object, `${object.kind} ${object.metadata.name}`))).toEqual([]);
  });

  it('nothing is there twice', () => {
    const ids = objects.map(({ kind, metadata: { namespace, name } }) => `${kind} ${namespace} ${name}`);
    expect(ids.length).toBe(new Set(ids).size);
  });
});

describe('our own kinds', () => {
  const kinds = ['globalalerts', 'globalalerttemplates', 'alertexceptions'];

  it.each(kinds)('%s: a structural schema whose every node has a type', (plural) => {
    const walk = (node: Schema, path: string): string[] => [
      ...(node.type ? [] : [path]),
      ...(node.type === 'array' && !node.items ? [`${path}: items`] : []),
      ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => walk(child, `${path}.${key}`)),
      ...(node.items ? walk(node.items, `${path}[]`) : []),
    ];
    expect(walk(schemaOf(definition(plural)), '')).toEqual([]);
  });

  it.each(kinds)('%s: printer columns show fields that exist', (plural) => {
    const { additionalPrinterColumns, schema } = definition(plural).spec.versions[0];
    for (const { jsonPath } of additionalPrinterColumns as { jsonPath: string }[]) {
      const path = jsonPath.split('.').slice(1);
      if (path[0] === 'metadata') continue;
      const node = path.reduce<Schema | undefined>((at, key) => at?.properties?.[key], schema.openAPIV3Schema);
      expect(node, jsonPath).toBeDefined();
    }
  });

  it('a template is an alert by the same rules', () => {
    const spec = (plural: string) => schemaOf(definition(plural)).properties?.spec;
    expect(spec('globalalerttemplates')).toEqual(spec('globalalerts'));
  });

  it('the shipped alerts are accepted by their definition and by the program', () => {
    const alerts = objects.filter(({ kind }) => kind === 'GlobalAlert');
    expect(alerts.length).toBeGreaterThan(5);
    for (const alert of alerts) {
      expect(alert.metadata.name).toMatch(/^honeypod\./);
      expect(resourceProblems(definition('globalalerts'), alert)).toEqual([]);
      expect(parseRules(JSON.stringify(alert), 'test').errors).toEqual([]);
    }
  });

  it('the shipped templates are no rules until somebody makes alerts of them, and good ones then', () => {
    const templates = objects.filter(({ kind }) => kind === 'GlobalAlertTemplate');
    expect(templates.length).toBeGreaterThan(5);
    const inForce = new Set(objects.filter(({ kind }) => kind === 'GlobalAlert').map(({ metadata: { name } }) => name));
    for (const template of templates) {
      expect(resourceProblems(definition('globalalerttemplates'), template)).toEqual([]);
      expect(parseRules(JSON.stringify(template), 'test')).toEqual({ rules: [], errors: [] });
      const { rules, errors } = parseRules(JSON.stringify({ ...template, kind: 'GlobalAlert' }), 'test');
      expect(errors).toEqual([]);
      expect(inForce).not.toContain(template.metadata.name);
      const [rule] = rules;
      expect(rule!.mitigations.length).toBeGreaterThan(0);
      expect(rule!.techniques.filter((id) => !Object.hasOwn(TECHNIQUES, id))).toEqual([]);
    }
  });

  it('allow the words the program knows', () => {
    const { properties = {} } = schemaOf(definition('globalalerts')).properties?.spec ?? {};
    expect(properties.dataSet?.enum).toEqual([...DATA_SETS]);
    expect(properties.metric?.enum).toEqual([...METRICS]);
    expect(properties.condition?.enum).toEqual([...CONDITIONS]);
  });

  it.each([
    ['description', { description: undefined }, 'required property'],
    ['description, empty', { description: '' }, 'fewer than 1'],
    ['severity 0', { severity: 0 }, '>= 1'],
    ['severity 101', { severity: 101 }, '<= 100'],
    ['severity 1.5', { severity: 1.5 }, 'integer'],
    ['no dataSet', { dataSet: undefined }, 'required property'],
    ['another dataSet', { dataSet: 'packets' }, 'allowed values'],
    ['period under a minute', { period: '59s' }, 'at least 1m'],
    ['period over what a duration holds', { period: '999999999h' }, 'must be a duration'],
    ['period without a unit', { period: '5' }, 'must be a duration'],
    ['lookback under a minute', { lookback: '30s' }, 'at least 1m'],
    ['count with field', { metric: 'count', condition: 'gt', field: 'x' }, 'not allowed with metric count'],
    ['sum without field', { metric: 'sum', condition: 'gt' }, 'field is required'],
    ['metric without condition', { metric: 'count' }, 'condition is required'],
    ['condition without metric', { condition: 'gt' }, 'condition needs a metric'],
    ['another condition', { metric: 'count', condition: 'ge' }, 'allowed values'],
    ['threshold as text', { threshold: '4' }, 'number'],
    ['an unknown field', { querry: 'x' }, 'additional properties'],
    ['substitutions without values', { substitutions: [{ name: 'x' }] }, 'required property'],
  ])('a GlobalAlert is refused for %s', (_name, change, message) => {
    const spec = { description: 'd', severity: 5, dataSet: 'flows', ...change };
    const alert = JSON.parse(JSON.stringify({ ...ALERT, spec }));
    expect(resourceProblems(definition('globalalerts'), alert).join('\n')).toContain(message);
  });

  it('a GlobalAlert is accepted where the program accepts it and refused where it refuses it', () => {
    // Mostly right, so that about half of the specs are wrong in something and half in nothing.
    const mostly = (right: readonly unknown[], wrong: readonly unknown[]) =>
      fc.oneof(
        { arbitrary: fc.constantFrom(...right), weight: 25 },
        ...(wrong.length ? [{ arbitrary: fc.constantFrom(...wrong), weight: 1 }] : []),
      );
    const spec = fc.record({
      description: mostly(['d'], ['', undefined]),
      summary: mostly(['by ${source_name_aggr}', '', undefined], [5]),
      severity: mostly([1, 50, 100], [-1, 0, 101, 2.5, '5', undefined]),
      dataSet: mostly(['flows', 'touches', 'health'], ['packets', undefined]),
      period: mostly(['1m', '60s', '1h30m', '1.5h', '1m30s', undefined], ['59s', '90', 'm', '1d', '500ms']),
      lookback: mostly(['10m', '2h', undefined], ['0s', '-5m', 10]),
      query: mostly(['', 'dest_port=22', 'dest_port IN {22, 23}', undefined], [22]),
      aggregateBy: mostly([[], ['source_namespace'], undefined], ['source_namespace', [1]]),
      measured: mostly(
        [
          {},
          { metric: 'count', condition: 'gte', threshold: 4 },
          { metric: 'sum', field: 'bytes_in', condition: 'eq' },
          { metric: 'avg', field: 'bytes_in', condition: 'not_eq', threshold: 0.5 },
        ],
        [
          { metric: 'count', field: 'bytes_in', condition: 'gte' },
          { metric: 'max', condition: 'lt' },
          { metric: 'median', condition: 'lt' },
          { metric: 'count' },
          { condition: 'lte' },
          { metric: 'count', condition: 'ge' },
          { metric: 'count', condition: 'gt', threshold: '4' },
        ],
      ),
      substitutions: mostly([[], [{ name: 'x', values: ['a'] }], undefined], [[{ name: 'x' }], 'x']),
      type: mostly(['UserDefined', undefined], []),
      querry: mostly([undefined], ['x']),
    });
    const accepted = { yes: 0, no: 0 };
    fc.assert(
      fc.property(spec, ({ measured, ...fields }) => {
        // Names of fields are the program's to know, and each data set has its own: the kind cannot tell a wrong one.
        const flows = JSON.stringify({ ...ALERT, spec: { ...fields, ...(measured as object) } });
        const named = fields.dataSet === 'touches' || fields.dataSet === 'health' ? inTouchWords(flows) : flows;
        const alert = JSON.parse(named);
        const problems = resourceProblems(definition('globalalerts'), alert);
        let refusal = '';
        try {
          ruleFrom(alert);
        } catch (error) {
          refusal = (error as Error).message;
        }
        accepted[refusal ? 'no' : 'yes']++;
        expect(problems.length > 0, `${problems.join('; ')} | ${refusal}`).toBe(refusal !== '');
      }),
      { numRuns: 400 },
    );
    expect(accepted.no).toBeGreaterThan(40);
    expect(accepted.yes).toBeGreaterThan(40);
  });

  it.each([
    [
      'a source for a night',
      { sourceCIDRs: ['10.244.3.0/24'], startTime: '2026-12-01T00:00:00Z', endTime: '2026-12-01T06:00:00Z' },
      '',
    ],
    [
      'a scanner on one port of one decoy',
      { namespaces: ['security'], owners: ['CronJob/nmap-*'], targets: ['app'], ports: [22] },
      '',
    ],
    ['a rule for everybody', { rules: ['honeypod.lure.svc'] }, ''],
    ['an IPv6 range', { sourceCIDRs: ['fd00:10::/64', '::1'] }, ''],
    ['nothing named', {}, 'silence everything'],
    [
      'an end before its start',
      { pods: ['x'], startTime: '2026-12-02T00:00:00Z', endTime: '2026-12-01T00:00:00Z' },
      'must be after',
    ],
    ['no time', { pods: ['x'], endTime: 'tomorrow' }, 'date-time'],
    ['no address', { sourceCIDRs: ['scanner.example'] }, 'pattern'],
    ['a port too high', { ports: [65_536] }, '<= 65535'],
    ['a decoy that is none', { targets: ['web'] }, 'allowed values'],
    ['an empty list', { pods: [] }, 'fewer than 1'],
    ['an unknown field', { pod: ['x'] }, 'additional properties'],
  ])('an AlertException with %s', (_name, spec, message) => {
    const exception = {
      apiVersion: 'alerts.internal/v1',
      kind: 'AlertException',
      metadata: { name: 'test' },
      spec: { description: 'our own scanner', ...spec },
    };
    const problems = resourceProblems(definition('alertexceptions'), exception);
    if (message) expect(problems.join('\n')).toContain(message);
    else {
      expect(problems).toEqual([]);
      expect(() => exceptionFrom(exception)).not.toThrow();
    }
  });

  it('the AlertException that README shows is one', () => {
    const text = readFileSync(join(MANIFESTS, '..', 'README.md'), 'utf8');
    const shown = [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
      objectsIn(block, 'README'),
    );
    const exceptions = shown.filter(({ kind }) => kind === 'AlertException');
    expect(exceptions.length).toBe(1);
    expect(resourceProblems(definition('alertexceptions'), exceptions[0])).toEqual([]);
    expect(() => exceptionFrom(exceptions[0] as never)).not.toThrow();
  });

  it('an AlertException says why', () => {
    const exception = { apiVersion: 'alerts.internal/v1', kind: 'AlertException', metadata: {}, spec: { pods: ['x'] } };
    expect(resourceProblems(definition('alertexceptions'), exception).join('\n')).toContain('description');
  });

  it('the status security-events writes fits', () => {
    const status = {
      lastUpdate: '2026-11-23T07:00:00.000Z',
      active: false,
      healthy: false,
      lastExecuted: null,
      lastEvent: null,
      errorConditions: [{ type: 'Specification', message: 'test.rule: query: expected a value' }],
    };
    const alert = { ...ALERT, spec: { description: 'd', severity: 5, dataSet: 'flows' }, status };
    expect(resourceProblems(definition('globalalerts'), alert)).toEqual([]);
  });
});

const ALERT = { apiVersion: 'alerts.internal/v1', kind: 'GlobalAlert', metadata: { name: 'test.rule' } };

describe('Pod Security', () => {
  it('the namespaces enforce what the decoys and security-events satisfy', () => {
    expect(find('Namespace', 'tigera-internal').metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/audit': 'restricted',
    });
    expect(find('Namespace', 'security-events').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it.each(['tigera-internal-dashboard', 'tigera-internal-db', 'security-events'])('%s satisfies restricted', (name) => {
    expect(violations(podTemplateOf(find('Deployment', name))!, 'restricted')).toEqual([]);
  });

  it('app satisfies baseline by adding nothing; of restricted it breaks what raw sockets cost', () => {
    const template = podTemplateOf(find('DaemonSet', 'tigera-internal-app'))!;
    expect(violations(template, 'baseline')).toEqual([]);
    expect(violations(template, 'restricted')).toEqual([
      'Running as Non-root (restricted)',
      'Running as Non-root user (restricted)',
      'Capabilities (restricted)',
    ]);
    const { capabilities } = template.spec.containers[0].securityContext;
    expect(capabilities.add).toBeUndefined();
    const kept = RUNTIME_DEFAULTS.filter((capability) => !capabilities.drop.includes(capability));
    expect(kept).toEqual(['NET_RAW', 'SETGID', 'SETUID']);
  });

  it.each<[string, (pod: KubernetesObject['spec']) => void]>([
    ['Host Namespaces', (pod) => Object.assign(pod, { hostNetwork: true })],
    ['Privileged Containers', (pod) => Object.assign(pod.containers[0].securityContext, { privileged: true })],
    ['Capabilities', (pod) => Object.assign(pod.containers[0].securityContext.capabilities, { add: ['NET_RAW'] })],
    ['HostPath Volumes', (pod) => pod.volumes.push({ name: 'host', hostPath: { path: '/' } })],
    ['Host Ports', (pod) => Object.assign(pod.containers[0].ports[0], { hostPort: 8080 })],
    ['AppArmor', (pod) => Object.assign(pod.securityContext, { appArmorProfile: { type: 'Unconfined' } })],
    ['SELinux', (pod) => Object.assign(pod.securityContext, { seLinuxOptions: { type: 'spc_t' } })],
    ['/proc Mount Type', (pod) => Object.assign(pod.containers[0].securityContext, { procMount: 'Unmasked' })],
    ['Seccomp', (pod) => Object.assign(pod.securityContext, { seccompProfile: { type: 'Unconfined' } })],
    ['Sysctls', (pod) => Object.assign(pod.securityContext.sysctls[0], { name: 'net.ipv4.ip_forward' })],
    [
      'Privilege Escalation',
      (pod) => Object.assign(pod.containers[0].securityContext, { allowPrivilegeEscalation: true }),
    ],
    ['Running as Non-root', (pod) => Object.assign(pod.securityContext, { runAsNonRoot: false })],
    ['Running as Non-root user', (pod) => Object.assign(pod.containers[0].securityContext, { runAsUser: 0 })],
    ['Volume Types', (pod) => pod.volumes.push({ name: 'nfs', nfs: { server: 'x', path: '/' } })],
  ])('the check finds a pod that breaks %s', (name, change) => {
    const template = clone(podTemplateOf(find('Deployment', 'tigera-internal-dashboard'))!);
    change(template.spec);
    expect(violations(template, 'restricted').join()).toContain(name);
  });
});

/** Capabilities containerd and docker give a container unless told otherwise, as both document. */
const RUNTIME_DEFAULTS = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];

describe('decoys', () => {
  it('are the three of the reference', () => {
    expect(decoys.map(({ kind, metadata: { name } }) => `${kind} ${name}`).sort()).toEqual([
      'DaemonSet tigera-internal-app',
      'Deployment tigera-internal-dashboard',
      'Deployment tigera-internal-db',
    ]);
  });

  it.each(decoys.map((decoy) => [decoy.metadata.name, decoy] as const))('%s gives a captor nothing', (name, decoy) => {
    const { spec } = podTemplateOf(decoy)!;
    const [container, ...others] = spec.containers;
    expect(others).toEqual([]);
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      dnsPolicy: 'None',
      terminationGracePeriodSeconds: 2,
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(spec.dnsConfig.nameservers).toEqual(['127.0.0.1']);
    expect(container.securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    expect(container.volumeMounts).toEqual([{ name: 'shm', mountPath: '/dev/shm', readOnly: true }]);
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) expect(container[probe]).toBeUndefined();
    expect(container.image).toBe(`${name.replace('tigera-', '')}:${version}`);
    expect(container.imagePullPolicy).toBe('IfNotPresent');
    const memory = name === 'tigera-internal-db' ? '128Mi' : '200Mi';
    for (const resources of [container.resources.requests, container.resources.limits])
      expect(resources).toMatchObject({ cpu: '100m', memory });
    expect(container.resources.limits['ephemeral-storage']).toBe('320Mi');
  });

  it.each(decoys.map((decoy) => [decoy.metadata.name, decoy] as const))('%s knows who it is', (_name, decoy) => {
    const env = podTemplateOf(decoy)!.spec.containers[0].env as { name: string; value?: string; valueFrom?: unknown }[];
    const fields = Object.fromEntries(
      env.map(({ name, value, valueFrom }) => [
        name,
        value ?? (valueFrom as { fieldRef?: { fieldPath: string } } | undefined)?.fieldRef?.fieldPath,
      ]),
    );
    expect(fields).toMatchObject({
      POD_NAME: 'metadata.name',
      POD_NAMESPACE: 'metadata.namespace',
      POD_UID: 'metadata.uid',
      POD_IPS: 'status.podIPs',
      NODE_NAME: 'spec.nodeName',
      POD_APP: "metadata.labels['app']",
      NODE_OPTIONS: undefined,
    });
  });

  it('app watches raw packets on every node; the others share one optional secret', () => {
    const app = podTemplateOf(find('DaemonSet', 'tigera-internal-app'))!.spec;
    expect(app.containers[0].env).toContainEqual({ name: 'WATCH', value: 'raw' });
    expect(app.tolerations).toEqual([{ operator: 'Exists' }]);
    const secrets = ['tigera-internal-dashboard', 'tigera-internal-db'].map((name) => {
      const { env } = podTemplateOf(find('Deployment', name))!.spec.containers[0];
      return env.find((one: { name: string }) => one.name === 'SESSION_KEY').valueFrom.secretKeyRef;
    });
    expect(secrets[0]).toMatchObject({ name: 'session', key: 'key', optional: true });
    expect(secrets[1]).toEqual(secrets[0]);
  });
});

describe('security-events', () => {
  it('its configuration, and the outputs shown in it, are what the program takes', () => {
    const text = find('ConfigMap', 'security-events').data['config.yaml'] as string;
    const shown = text
      .replaceAll('#  -', '  -')
      .replaceAll('#   ', '   ')
      .replace(/\{file: [^}]*\}/, '{env: SECRET}');
    expect(shown).not.toContain('#');
    for (const config of [text, shown]) {
      const { config: taken, mistakes } = parseConfig(config, { SECRET: 'x' });
      expect(mistakes).toEqual([]);
      expect(taken?.outputs.length).toBe(config === text ? 1 : 3);
    }
  });

  it('mounts what its arguments name', () => {
    const { containers, volumes } = podTemplateOf(find('Deployment', 'security-events'))!.spec;
    const [{ args, volumeMounts }] = containers;
    expect(args).toContain('--state=/state');
    expect(args).toContain('--config=/config/config.yaml');
    expect(volumeMounts).toEqual([
      { name: 'state', mountPath: '/state' },
      { name: 'config', mountPath: '/config', readOnly: true },
    ]);
    expect(volumes.find(({ name }: { name: string }) => name === 'config').projected.sources).toEqual([
      { configMap: { name: 'security-events' } },
      { secret: { name: 'outputs', optional: true } },
    ]);
    // What the image lets its program read and write.
    const { flags } = RECIPES.find(({ name }) => name === 'security-events')!;
    expect(flags).toEqual(
      expect.arrayContaining(['--allow-fs-read=/config', '--allow-fs-read=/state', '--allow-fs-write=/state']),
    );
  });
});

describe('words', () => {
  it('no name, label, image or variable says what the decoys are', () => {
    // Alerts and templates are read by those who are bound to alerts-view or alerts-edit, and by nobody else.
    const text = objects
      .filter(({ kind }) => kind !== 'GlobalAlert' && kind !== 'GlobalAlertTemplate')
      .map((object) => JSON.stringify(object))
      .join('\n');
    // Descriptions of our kinds are read by those who may read the kinds: every account, by `kubectl explain`.
    expect(text).not.toMatch(/honey|decoy|canar|lure\b|bait|trap/i);
  });
});

/** The flow fields of the specs above by the names touches have for them. */
function inTouchWords(text: string): string {
  return text
    .replaceAll('source_namespace', 'source.ip')
    .replaceAll('dest_port', 'destination.port')
    .replaceAll('bytes_in', 'honeypod.payload_bytes');
}
