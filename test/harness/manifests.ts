// The shipped manifests as tests see them: objects of a file, and what kustomize makes of a directory or an overlay.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const MANIFESTS = join(import.meta.dirname, '..', '..', 'manifests');
const ARTEFACTS = join(import.meta.dirname, '..', 'artefacts');
const BUILD_MS = 20_000;

/** Any Kubernetes object; what it holds is for the types to check. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: objects of every kind, checked against Kubernetes' types elsewhere.
  readonly [field: string]: any;
}

/** Objects of one YAML text. Throws for what is no YAML 1.2, a key given twice included. */
export function objectsIn(text: string, origin: string): KubernetesObject[] {
  return parseAllDocuments(text, { uniqueKeys: true }).flatMap((document) => {
    const [problem] = [...document.errors, ...document.warnings];
    if (problem) throw new Error(`${origin}: ${problem.message}`);
    const object = document.toJS() as KubernetesObject | null;
    return object === null ? [] : [object];
  });
}

export function objectsOf(file: string): KubernetesObject[] {
  return objectsIn(readFileSync(join(MANIFESTS, file), 'utf8'), file);
}

/** Why `kubectl kustomize` cannot be used here, or an empty string. It needs components and replacements (kustomize 4.2). */
export function noKustomize(): string {
  const run = spawnSync('kubectl', ['version', '--client', '--output=json'], { encoding: 'utf8', timeout: BUILD_MS });
  if (run.status !== 0) return 'needs kubectl';
  const { kustomizeVersion = 'v0' } = JSON.parse(run.stdout) as { kustomizeVersion?: string };
  const [major = 0, minor = 0] = kustomizeVersion.replace('v', '').split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 2)
    ? ''
    : `needs kubectl with kustomize 4.2, this has ${kustomizeVersion}`;
}

/** What `kubectl kustomize` prints for a directory. Throws with its own words where it fails. */
export function render(directory: string): string {
  const run = spawnSync('kubectl', ['kustomize', directory], { encoding: 'utf8', timeout: BUILD_MS });
  if (run.status !== 0) throw new Error(`kubectl kustomize ${directory}: ${run.stderr}`);
  return run.stdout;
}

export function build(directory: string): KubernetesObject[] {
  return objectsIn(render(directory), directory);
}

/** A new directory for an overlay; the shipped manifests are `../../../manifests` from there. */
export function overlayDirectory(): string {
  mkdirSync(ARTEFACTS, { recursive: true });
  return mkdtempSync(join(ARTEFACTS, 'overlay-'));
}

/** Builds an overlay over all manifests with these components of ours, in order; its directory is noted in `made`. */
export function buildWith(components: readonly string[], made: string[]): KubernetesObject[] {
  const directory = overlayDirectory();
  made.push(directory);
  const kustomization = {
    resources: ['../../../manifests'],
    components: components.map((name) => `../../../manifests/components/${name}`),
  };
  writeFileSync(join(directory, 'kustomization.yaml'), JSON.stringify(kustomization));
  return build(directory);
}

/** The pod template of a workload, or undefined for objects that have none. */
export function podTemplateOf(object: KubernetesObject): KubernetesObject | undefined {
  return ['Deployment', 'DaemonSet'].includes(object.kind) ? object.spec.template : undefined;
}
