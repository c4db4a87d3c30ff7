// `npm run disguise`: writes a kustomize overlay that gives decoys the names of a workload people would believe in, alerts included.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitWith, UserError } from '../decoys/touch/errors.ts';
import { type Disguise, disguiseFrom, FLAGS, kustomization, nameMap, USAGE } from './disguise-names.ts';

const MANIFESTS = join(import.meta.dirname, '..', 'manifests');

function main(): void {
  const { values, positionals } = parse(process.argv.slice(2));
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  if (positionals[0] !== undefined) throw new UserError('BAD_FLAG', `${positionals[0]}: not a flag; see --help`);
  const disguise = disguiseFrom(values);
  const out = resolve(disguise.out);
  const files = {
    'names.yaml': nameMap(disguise),
    'kustomization.yaml': kustomization(disguise, relative(out, MANIFESTS)),
  };
  for (const name of Object.keys(files)) {
    const path = join(disguise.out, name);
    if (existsSync(path))
      throw new UserError('EXISTS', `--out ${disguise.out}: ${path} exists; remove it or choose another directory`);
  }
  mkdirSync(out, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(out, name), text);
  process.stdout.write(`${nextSteps(disguise)}\n`);
}

function parse(words: string[]) {
  try {
    return parseArgs({ args: words, options: FLAGS, allowPositionals: true });
  } catch (error) {
    throw new UserError('BAD_FLAG', `${(error as Error).message.split('\n', 1)[0]}; see --help`);
  }
}

function nextSteps({ out, names, registry, imageNames, version }: Disguise): string {
  const push = Object.entries(imageNames).map(
    ([from, to]) => `  docker tag ${from}:${version} ${to}:${version} && docker push ${to}:${version}`,
  );
  const secret = `kubectl create secret generic session -n ${names.namespace} --from-literal=key="$(openssl rand -hex 32)"`;
  return [
    `Wrote ${join(out, 'kustomization.yaml')} and ${join(out, 'names.yaml')}.`,
    ...(registry
      ? ['Push the images under their new names:', ...push]
      : ['Images keep their names; --registry gives them the new ones.']),
    'Install:',
    '  kubectl apply -f manifests/common.yaml -l app.kubernetes.io/part-of=alerts.internal',
    '  kubectl wait --for=condition=Established crd -l app.kubernetes.io/part-of=alerts.internal',
    `  kubectl apply -k ${out}`,
    'Optional, so that stolen bait is recognised; then restart the two deployments:',
    `  ${secret}`,
  ].join('\n');
}

try {
  main();
} catch (error) {
  exitWith('disguise', error);
}
