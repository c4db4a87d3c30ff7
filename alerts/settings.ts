// The command line of `alerts`, parsed once. A wrong word is a UserError naming it and what is allowed.
import { existsSync } from 'node:fs';
import { UserError } from '../decoys/touch/errors.ts';
import { DECOY_NAMESPACE, DECOY_SELECTOR } from './input/cluster.ts';

export const USAGE = `usage: node dist/alerts.js (--stdin | --file FILE … | --cluster) [--rules DIR] [--config FILE] [--state DIR] [--once]
       node dist/alerts.js test --config FILE
       node dist/alerts.js prove
  --stdin        read touch lines from standard input
  --file FILE    follow a file of touch lines, also through rotation; may be given several times
  --cluster      follow the decoy pods of a Kubernetes cluster: KUBECONFIG, or the service account of the pod it runs in
  --namespace N  their namespace (${DECOY_NAMESPACE}); may be given several times
  --selector S   their label selector (${DECOY_SELECTOR})
  --rules DIR    use the GlobalAlert files of DIR instead of the rules that ship with the product
  --config FILE  outputs and when events close, as YAML; without it alert lines go to standard output
  --state DIR    keep touches, events, undelivered notices and positions there; without it in memory
  --once         read what there is, then end
  test           send a made-up event through every output of the configuration and say where it arrived
  prove          have the alerts that runs here touch every decoy once and follow each touch to its security event
PAGE_PORT names the page's port on loopback (8090; 0 for none).`;

export interface AlertsSettings {
  readonly command: 'run' | 'test' | 'prove';
  readonly stdin: boolean;
  readonly files: readonly string[];
  readonly cluster: boolean;
  /** Never empty, none twice. */
  readonly namespaces: readonly string[];
  readonly selector: string;
  readonly rules: string | undefined;
  readonly config: string | undefined;
  readonly state: string | undefined;
  readonly once: boolean;
}

function refuse(message: string): never {
  throw new UserError('BAD_FLAG', message);
}

/** Reads the words after the program's name. */
export function readFlags(words: readonly string[]): AlertsSettings {
  const command = words[0] === 'test' || words[0] === 'prove' ? words[0] : 'run';
  let stdin = false;
  let once = false;
  let cluster = false;
  const namespaces = new Set<string>();
  let selector = DECOY_SELECTOR;
  let rules: string | undefined;
  let config: string | undefined;
  let state: string | undefined;
  const files: string[] = [];
  for (let at = command === 'run' ? 0 : 1; at < words.length; at++) {
    const word = words[at] ?? '';
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const flag = equals > 0 ? word.slice(0, equals) : word;
    const value = (): string => {
      const given = equals > 0 ? word.slice(equals + 1) : words[++at];
      return given === undefined || given === '' ? refuse(`${flag}: needs a value`) : given;
    };
    if (command === 'prove') refuse(`${word}: alerts prove takes no flags; PAGE_PORT names the page's port`);
    if (flag === '--config') {
      config = value();
      if (!existsSync(config)) refuse(`--config ${config}: there is no such file`);
    } else if (command === 'test') refuse(`${word}: not a flag of alerts test; allowed is --config FILE`);
    else if (flag === '--stdin') stdin = true;
    else if (flag === '--once') once = true;
    else if (flag === '--cluster') cluster = true;
    else if (flag === '--namespace') namespaces.add(value());
    else if (flag === '--selector') selector = value();
    else if (flag === '--state') state = value();
    else if (flag === '--file') {
      files.push(value());
      // A shell that expands `--file logs/*.log` leaves the further names as words of their own.
      while (equals < 0 && at + 1 < words.length && !words[at + 1]!.startsWith('-')) files.push(words[++at]!);
    } else if (flag === '--rules') {
      rules = value();
      if (!existsSync(rules)) refuse(`--rules ${rules}: there is no such directory`);
    } else
      refuse(
        `${word}: not a flag of alerts; allowed are --stdin, --file FILE, --cluster, --namespace N, --selector S, --rules DIR, --config FILE, --state DIR, --once`,
      );
  }
  if (command === 'test' && config === undefined) refuse('test: needs --config FILE, the outputs to try');
  const inputs = [stdin && '--stdin', files.length > 0 && '--file', cluster && '--cluster'].filter(Boolean);
  if (inputs.length > 1) refuse(`${inputs.join(' and ')}: choose one of them`);
  if (command === 'run' && inputs.length === 0) refuse('nothing to read: give --stdin, --file FILE or --cluster');
  if (cluster && once) refuse('--once: is for --stdin and --file; a cluster has no end');
  if (namespaces.size === 0) namespaces.add(DECOY_NAMESPACE);
  return { command, stdin, files, cluster, namespaces: [...namespaces], selector, rules, config, state, once };
}
