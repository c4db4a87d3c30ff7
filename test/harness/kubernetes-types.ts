// Objects against Kubernetes' own OpenAPI types, as the package kubernetes-models carries them: values by its validators, which
// let unknown fields pass, and unknown fields by the compiler, for which an object literal may only have the fields of its type.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from './manifests.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** Beside the tests, so that the compiler finds the packages. */
const SCRATCH = join(import.meta.dirname, '..', 'artefacts');

let checked = 0;

/** Module that knows the kind, or undefined for a kind that is not Kubernetes' (our own are checked against their definitions). */
function moduleOf({ apiVersion }: KubernetesObject): string | undefined {
  if (apiVersion.startsWith('alerts.internal/') || apiVersion.startsWith('projectcalico.org/')) return undefined;
  const packageName = apiVersion.startsWith('monitoring.coreos.com/')
    ? '@kubernetes-models/prometheus-operator'
    : 'kubernetes-models';
  return `${packageName}/${apiVersion}`;
}

/** One line a problem: `Kind/name: what`. */
export async function typeProblems(objects: readonly KubernetesObject[]): Promise<string[]> {
  return [...(await wrongValues(objects)), ...unknownFields(objects)];
}

async function wrongValues(objects: readonly KubernetesObject[]): Promise<string[]> {
  const problems: string[] = [];
  for (const object of objects) {
    const module = moduleOf(object);
    if (!module) continue;
    const kinds = (await import(module)) as Record<string, new (data: unknown) => { validate(): void }>;
    const Kind = kinds[object.kind];
    if (!Kind) {
      problems.push(`${named(object)}: ${object.apiVersion} has no such kind`);
      continue;
    }
    try {
      new Kind(object).validate();
    } catch (error) {
      problems.push(`${named(object)}: ${(error as Error).message}`);
    }
  }
  return problems;
}

function unknownFields(objects: readonly KubernetesObject[]): string[] {
  const known = objects.filter((object) => moduleOf(object) !== undefined);
  const lines = known.map((object) => {
    const type = `import(${JSON.stringify(moduleOf(object))}).I${object.kind}`;
    return `void (${JSON.stringify(object)} satisfies ${type});`;
  });
  mkdirSync(SCRATCH, { recursive: true });
  const file = join(SCRATCH, `types-${process.pid}-${++checked}.ts`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  const flags = [
    '--noEmit',
    '--ignoreConfig',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ];
  const run = spawnSync(process.execPath, [join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), ...flags, file], {
    encoding: 'utf8',
    cwd: ROOT,
  });
  rmSync(file);
  const problems = run.stdout.split('\n').flatMap((text) => {
    const found = /\((\d+),\d+\): error (.*)$/.exec(text);
    return found ? [`${named(known[Number(found[1]) - 1]!)}: ${found[2]}`] : [];
  });
  if (run.status !== 0 && problems.length === 0) throw new Error(`tsc: ${run.stdout}${run.stderr}`);
  return problems;
}

function named({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata?.name}`;
}
