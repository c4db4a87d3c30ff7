// Whether the objects of an install fit each other: who selects whom, by which label, port and namespace, and what alerts ask for.
import { type KubernetesObject, podTemplateOf } from './manifests.ts';

type Labels = Readonly<Record<string, string>>;

/** The Deployment that runs `alerts`; every other workload is a decoy. */
const COLLECTOR = 'security-events';

export function decoysOf(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.filter((object) => podTemplateOf(object) && object.metadata.name !== COLLECTOR);
}

/** The arguments of `security-events` with its variables put in, as kubelet does. */
export function argumentsOf(objects: readonly KubernetesObject[]): string[] {
  const collector = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === COLLECTOR);
  if (!collector) throw new Error(`no Deployment ${COLLECTOR}`);
  return expanded(podTemplateOf(collector)!.spec.containers[0]);
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** `$(NAME)` in arguments as kubelet replaces it: by the container's own variables; a name it does not know stays. */
export function expanded({ args, env }: Container): string[] {
  const value = (whole: string, name: string) => env.find((one) => one.name === name)?.value ?? whole;
  return args.map((word) => word.replace(/\$\(([A-Z_]+)\)/g, value));
}

/** One line for each thing that does not fit. */
export function misfits(objects: readonly KubernetesObject[]): string[] {
  const decoys = decoysOf(objects);
  return [
    ...workloadMisfits(objects, decoys),
    ...objects.filter(({ kind }) => kind === 'Service').flatMap((service) => serviceMisfits(service, decoys)),
    ...objects.filter(({ kind }) => kind === 'GlobalAlert').flatMap((alert) => alertMisfits(alert, decoys)),
    ...rightsMisfits(objects, decoys),
    ...collectorMisfits(objects, decoys),
  ];
}

function workloadMisfits(objects: readonly KubernetesObject[], decoys: readonly KubernetesObject[]): string[] {
  const has = (kind: string, namespace: string | undefined, name: string) =>
    objects.some(
      (object) => object.kind === kind && object.metadata.namespace === namespace && object.metadata.name === name,
    );
  return decoys.flatMap((decoy) => {
    const { name, namespace } = decoy.metadata;
    const { metadata, spec } = podTemplateOf(decoy)!;
    const labels = metadata.labels ?? {};
    const spreads = (spec.topologySpreadConstraints ?? []) as { labelSelector: { matchLabels: Labels } }[];
    const policies = objects.filter(
      (object) =>
        object.kind === 'NetworkPolicy' &&
        object.metadata.namespace === namespace &&
        selects(object.spec.podSelector, labels),
    );
    const closed = policies.some(({ spec }) => spec.policyTypes.includes('Egress') && spec.egress === undefined);
    const open = policies.every(({ spec }) => spec.egress === undefined);
    return [
      ...(selects({ matchLabels: decoy.spec.selector.matchLabels }, labels)
        ? []
        : [`${name}: does not select its own pods`]),
      ...(spreads.every(({ labelSelector }) => selects(labelSelector, labels)) ? [] : [`${name}: spreads other pods`]),
      ...(labels.app === name && decoy.metadata.labels?.app === name ? [] : [`${name}: label app is ${labels.app}`]),
      ...(has('Namespace', undefined, namespace ?? '') ? [] : [`${name}: no Namespace ${namespace}`]),
      ...(has('ServiceAccount', namespace, spec.serviceAccountName)
        ? []
        : [`${name}: no ServiceAccount ${spec.serviceAccountName}`]),
      ...(closed && open ? [] : [`${name}: its egress is not closed`]),
      ...(policies.some(({ spec }) => JSON.stringify(spec.ingress) === '[{}]')
        ? []
        : [`${name}: its ingress is not open`]),
    ];
  });
}

function serviceMisfits({ metadata, spec }: KubernetesObject, decoys: readonly KubernetesObject[]): string[] {
  const behind = decoys.filter(
    (decoy) =>
      decoy.metadata.namespace === metadata.namespace &&
      selects({ matchLabels: spec.selector }, podTemplateOf(decoy)!.metadata.labels ?? {}),
  );
  if (behind.length !== 1) return [`Service ${metadata.name}: ${behind.length} workloads behind it`];
  const open = portsOf(behind[0]!);
  return (spec.ports as { targetPort: number }[])
    .filter(({ targetPort }) => !open.includes(targetPort))
    .map(({ targetPort }) => `Service ${metadata.name}: nothing listens on ${targetPort}`);
}

function portsOf(decoy: KubernetesObject): number[] {
  const { ports = [] } = podTemplateOf(decoy)!.spec.containers[0];
  return ports.map(({ containerPort }: { containerPort: number }) => containerPort);
}

/** An alert about flows names a namespace in which a decoy is, its label, and a port it has; 22 is everybody's, for nobody has it. */
function alertMisfits({ metadata, spec }: KubernetesObject, decoys: readonly KubernetesObject[]): string[] {
  if (spec.dataSet !== 'flows') return [];
  const query = spec.query as string;
  const namespace = /dest_namespace="([^"]*)"/.exec(query)?.[1];
  const label = /"dest_labels\.labels"="app=([^"]*)"/.exec(query)?.[1];
  const port = /"?dest_port"?="(\d+)"/.exec(query)?.[1];
  const there = decoys.filter((decoy) => decoy.metadata.namespace === namespace);
  const meant = there.filter((decoy) => label === undefined || decoy.metadata.name === label);
  return [
    ...(there.length ? [] : [`${metadata.name}: no decoy in ${namespace}`]),
    ...(meant.length ? [] : [`${metadata.name}: no decoy is labelled app=${label} there`]),
    ...(port === undefined || port === '22' || meant.some((decoy) => portsOf(decoy).includes(Number(port)))
      ? []
      : [`${metadata.name}: nothing listens on ${port}`]),
  ];
}

/** Logs of every decoy may be read, and no secret, and nothing in a namespace without decoys. */
function rightsMisfits(objects: readonly KubernetesObject[], decoys: readonly KubernetesObject[]): string[] {
  const namespaces = new Set(decoys.map(({ metadata }) => metadata.namespace));
  const bound = objects.filter(
    (object) =>
      object.kind === 'RoleBinding' &&
      object.subjects.some(
        (subject: { name: string; namespace: string }) => subject.name === COLLECTOR && subject.namespace === COLLECTOR,
      ),
  );
  const unread = [...namespaces].filter((namespace) => !bound.some(({ metadata }) => metadata.namespace === namespace));
  const beyond = bound.filter(({ metadata }) => !namespaces.has(metadata.namespace));
  const roles = objects.filter(
    ({ kind, metadata }) => kind === 'Role' || (kind === 'ClusterRole' && metadata.name === COLLECTOR),
  );
  const wide = roles.filter(({ rules }) =>
    rules.some(({ resources, verbs }: { resources: string[]; verbs: string[] }) =>
      [...resources, ...verbs].some((word) => ['*', 'secrets', 'create', 'delete', 'impersonate'].includes(word)),
    ),
  );
  return [
    ...unread.map((namespace) => `logs of ${namespace} may not be read`),
    ...beyond
      .filter(({ metadata }) => metadata.name !== 'logs' || namespaces.size === 1)
      .map(({ metadata }) => `rights in ${metadata.namespace}`),
    ...wide.map(({ metadata }) => `${metadata.name}: more than reading`),
  ];
}

/** Every decoy is followed, and the self-test may reach it. */
function collectorMisfits(objects: readonly KubernetesObject[], decoys: readonly KubernetesObject[]): string[] {
  const words = argumentsOf(objects);
  const given = (flag: string) =>
    words.filter((word) => word.startsWith(`${flag}=`)).map((word) => word.slice(flag.length + 1));
  const namespaces = new Set(given('--namespace'));
  const among = /^app in \(([^)]*)\)$/.exec(given('--selector')[0] ?? '')?.[1]?.split(/,\s*/) ?? [];
  const policy = objects.find(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === COLLECTOR);
  const peers = (policy?.spec.egress ?? []).flatMap(({ to = [] }: { to?: Peer[] }) => to) as Peer[];
  return decoys.flatMap((decoy) => {
    const { name, namespace } = decoy.metadata;
    const labels = podTemplateOf(decoy)!.metadata.labels ?? {};
    const reached = peers.some(
      ({ namespaceSelector, podSelector }) =>
        podSelector &&
        selects(podSelector, labels) &&
        selects(namespaceSelector, { 'kubernetes.io/metadata.name': namespace ?? '' }),
    );
    return [
      ...(namespaces.has(namespace ?? '') ? [] : [`${name}: ${namespace} is not followed`]),
      ...(among.includes(name) ? [] : [`${name}: not among the followed, ${among}`]),
      ...(reached ? [] : [`${name}: the self-test may not reach it`]),
    ];
  });
}

interface Peer {
  readonly namespaceSelector: Selector;
  readonly podSelector?: Selector;
}

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key] ?? ''))
  );
}
