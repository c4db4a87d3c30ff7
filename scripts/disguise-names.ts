// The names of a disguise: from flags, checked as Kubernetes will check them, to the two files of an overlay. Pure.
// Rules of names: kubernetes.io, "Object Names and IDs" (RFC 1123 labels; services RFC 1035 labels).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../decoys/touch/errors.ts';

export const USAGE = `usage: npm run disguise -- --namespace NAME [--app NAME] [--dashboard NAME] [--db NAME] [--registry HOST/PATH]
  --namespace NAME      of the decoys; best one that does not exist yet
  --app NAME            DaemonSet and label of the app decoy (NAMESPACE-agent)
  --dashboard NAME      Deployment and label of the dashboard decoy (NAMESPACE-console)
  --db NAME             Deployment and label of the db decoy (NAMESPACE-db)
  --debug-service NAME  service of the debug site, port 8888 (DASHBOARD-debug)
  --lure-service NAME   service that never answers, port 443 (DASHBOARD)
  --db-service NAME     service of the database, port 3306 (DB)
  --registry HOST/PATH  where the images are, renamed like their workloads; without it images keep their names
  --component NAME      a component of manifests/components besides, net-raw say; may be given several times
  --out DIR             directory to write (overlays/NAMESPACE)`;

export const FLAGS = {
  namespace: { type: 'string' },
  app: { type: 'string' },
  dashboard: { type: 'string' },
  db: { type: 'string' },
  'debug-service': { type: 'string' },
  'lure-service': { type: 'string' },
  'db-service': { type: 'string' },
  registry: { type: 'string' },
  component: { type: 'string', multiple: true },
  out: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** As parseArgs reads FLAGS. */
export interface Flags {
  readonly namespace?: string;
  readonly app?: string;
  readonly dashboard?: string;
  readonly db?: string;
  readonly 'debug-service'?: string;
  readonly 'lure-service'?: string;
  readonly 'db-service'?: string;
  readonly registry?: string;
  readonly component?: readonly string[];
  readonly out?: string;
}

/** Keys of the ConfigMap that components/disguise reads. */
interface Names {
  readonly namespace: string;
  readonly 'app-namespace': string;
  readonly app: string;
  readonly dashboard: string;
  readonly db: string;
  readonly 'debug-service': string;
  readonly 'lure-service': string;
  readonly 'db-service': string;
}

export interface Disguise {
  readonly names: Names;
  readonly components: readonly string[];
  readonly registry: string | undefined;
  /** Of images: the name in the manifests to the new one; empty without a registry. */
  readonly imageNames: Readonly<Record<string, string>>;
  readonly version: string;
  readonly out: string;
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const SERVICE_LABEL = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const REGISTRY = /^[a-z0-9][a-z0-9.-]{0,252}(:\d{1,5})?(\/[a-z0-9][a-z0-9._-]{0,127}){0,8}$/;
/** Words that tell an intruder where he is. */
const TELLTALE = /honey|decoy|canary|trap|fake|tigera/;
const COMPONENTS = ['pull-secret', 'host-users', 'persistent-state', 'monitoring', 'net-raw', 'no-net-raw'];
const RESERVED = /^(kube-.*|default|security-events)$/;

function refuse(flag: string, value: string, allowed: string): never {
  throw new UserError('BAD_NAME', `--${flag} ${JSON.stringify(value.slice(0, 80))}: ${allowed}`);
}

/** Throws UserError naming the flag, its value and what is allowed. */
export function disguiseFrom(flags: Flags): Disguise {
  const { namespace } = flags;
  if (namespace === undefined) throw new UserError('NO_NAMESPACE', '--namespace NAME is required; see --help');
  const components = flags.component ?? [];
  for (const name of components)
    if (!COMPONENTS.includes(name)) refuse('component', name, `must be one of ${COMPONENTS.join(', ')}`);
  if (components.includes('net-raw') && components.includes('no-net-raw'))
    refuse('component', 'no-net-raw', 'says the opposite of net-raw; give one of them');
  const dashboard = flags.dashboard ?? `${namespace}-console`;
  const db = flags.db ?? `${namespace}-db`;
  const names: Names = {
    namespace,
    'app-namespace': components.includes('net-raw') ? `${namespace}-node` : namespace,
    app: flags.app ?? `${namespace}-agent`,
    dashboard,
    db,
    'debug-service': flags['debug-service'] ?? `${dashboard}-debug`,
    'lure-service': flags['lure-service'] ?? dashboard,
    'db-service': flags['db-service'] ?? db,
  };
  for (const [flag, name] of Object.entries(names)) {
    const isService = flag.endsWith('-service');
    if (!(isService ? SERVICE_LABEL : LABEL).test(name))
      refuse(
        flag,
        name,
        `must be 1 to 63 of a-z, 0-9 and "-", ${isService ? 'a letter first' : 'no "-" first'} and no "-" last`,
      );
    const [telltale] = TELLTALE.exec(name) ?? [];
    if (telltale) refuse(flag, name, `must not say "${telltale}": intruders read it`);
  }
  if (RESERVED.test(namespace))
    refuse('namespace', namespace, 'must not be a namespace that is there for something else');
  different(names, ['app', 'dashboard', 'db']);
  different(names, ['debug-service', 'lure-service', 'db-service']);
  const { registry } = flags;
  if (registry !== undefined && !REGISTRY.test(registry))
    refuse(
      'registry',
      registry,
      'must be HOST or HOST/PATH as in image names, without "https://" and a "/" at its end',
    );
  return {
    names,
    components,
    registry,
    imageNames: registry ? imageNames(registry, names) : {},
    version: packageVersion(),
    out: flags.out ?? join('overlays', namespace),
  };
}

function different(names: Names, keys: readonly (keyof Names)[]): void {
  for (const [at, key] of keys.entries()) {
    const twin = keys.slice(0, at).find((other) => names[other] === names[key]);
    if (twin) refuse(key, names[key], `must differ from --${twin}`);
  }
}

function imageNames(registry: string, { app, dashboard, db }: Names): Record<string, string> {
  return {
    'internal-app': `${registry}/${app}`,
    'internal-dashboard': `${registry}/${dashboard}`,
    'internal-db': `${registry}/${db}`,
    'security-events': `${registry}/security-events`,
  };
}

function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '..', 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The ConfigMap with the names; local-config keeps it out of what is applied. */
export function nameMap({ names }: Disguise): string {
  return [
    'apiVersion: v1',
    'kind: ConfigMap',
    'metadata:',
    '  name: names',
    '  annotations:',
    '    config.kubernetes.io/local-config: "true"',
    'data:',
    ...Object.entries(names).map(([key, name]) => `  ${key}: "${name}"`),
    '',
  ].join('\n');
}

/** The overlay; `manifests` is the way from it to the shipped ones. */
export function kustomization({ components, imageNames }: Disguise, manifests: string): string {
  const images = Object.entries(imageNames).flatMap(([name, newName]) => [
    `  - name: ${name}`,
    `    newName: ${newName}`,
  ]);
  return [
    'apiVersion: kustomize.config.k8s.io/v1beta1',
    'kind: Kustomization',
    'resources:',
    `  - ${manifests}`,
    '  - names.yaml',
    'components:',
    ...[...components, 'disguise'].map((name) => `  - ${manifests}/components/${name}`),
    ...(images.length ? ['images:', ...images] : []),
    '',
  ].join('\n');
}
