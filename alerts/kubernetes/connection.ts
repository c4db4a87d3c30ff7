// How to reach the Kubernetes API: from inside a pod by its service account, outside by a kubeconfig.
// Sources: Kubernetes documentation "Accessing the Kubernetes API from a Pod" and "Organizing Cluster Access Using kubeconfig Files".
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { UserError } from '../../decoys/touch/errors.ts';
import type { Env } from '../../decoys/touch/settings.ts';

const ACCOUNT_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface Connection {
  /** `https://10.96.0.1:443`, without a path at its end. */
  readonly server: string;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly insecure: boolean;
  readonly serverName?: string;
  /** The bearer token as it is now: kubelet rotates the file, so it is read again for each request that was refused. */
  token(): string | undefined;
}

/** Reads KUBECONFIG or ~/.kube/config, or the pod's own service account. Throws UserError naming what is missing. */
export function connectionFrom(env: Env, accountDirectory = ACCOUNT_DIRECTORY): Connection {
  if (env.KUBECONFIG) return fromKubeconfig(env.KUBECONFIG);
  if (env.KUBERNETES_SERVICE_HOST) return fromServiceAccount(env, accountDirectory);
  return fromKubeconfig(join(homedir(), '.kube', 'config'));
}

function fromServiceAccount(env: Env, directory: string): Connection {
  const host = env.KUBERNETES_SERVICE_HOST ?? '';
  const port = env.KUBERNETES_SERVICE_PORT ?? '443';
  const read = (name: string) => {
    try {
      return readFileSync(join(directory, name));
    } catch (error) {
      throw new UserError(
        'NO_ACCOUNT',
        `--cluster: ${join(directory, name)} cannot be read (${(error as NodeJS.ErrnoException).code}); the pod needs a service account token`,
      );
    }
  };
  read('token');
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: read('ca.crt'),
    insecure: false,
    token: () => read('token').toString('utf8').trim(),
  };
}

interface Named<T> {
  readonly name?: string;
  readonly value?: T;
}

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: readonly (Named<never> & {
    readonly context?: { readonly cluster?: string; readonly user?: string };
  })[];
  readonly clusters?: readonly (Named<never> & { readonly cluster?: Readonly<Record<string, unknown>> })[];
  readonly users?: readonly (Named<never> & { readonly user?: Readonly<Record<string, unknown>> })[];
}

function fromKubeconfig(path: string): Connection {
  const fail = (message: string): never => {
    throw new UserError('BAD_KUBECONFIG', `--cluster: kubeconfig ${path}: ${message}`);
  };
  let config: Kubeconfig;
  try {
    config = (parse(readFileSync(path, 'utf8')) as Kubeconfig | null) ?? {};
  } catch (error) {
    return fail(
      `cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message.split('\n', 1)[0]}); set KUBECONFIG, or run in a pod with a service account`,
    );
  }
  const current = config['current-context'];
  const context =
    config.contexts?.find(({ name }) => name === current)?.context ??
    fail(`current-context ${JSON.stringify(current)} is not among its contexts`);
  const cluster =
    config.clusters?.find(({ name }) => name === context.cluster)?.cluster ??
    fail(`cluster ${JSON.stringify(context.cluster)} is not among its clusters`);
  const user = config.users?.find(({ name }) => name === context.user)?.user ?? {};
  const text = (from: Readonly<Record<string, unknown>>, key: string) =>
    typeof from[key] === 'string' ? (from[key] as string) : undefined;
  const bytes = (from: Readonly<Record<string, unknown>>, key: string): Buffer | undefined => {
    const data = text(from, `${key}-data`);
    if (data !== undefined) return Buffer.from(data, 'base64');
    const file = text(from, key);
    return file === undefined ? undefined : readFileSync(isAbsolute(file) ? file : join(dirname(path), file));
  };
  if (user.exec !== undefined || user['auth-provider'] !== undefined) {
    fail(
      'its user needs a credential plugin (exec or auth-provider), which is not run; use a token or a client certificate',
    );
  }
  const server = text(cluster, 'server') ?? fail('its cluster has no server');
  const tokenFile = text(user, 'tokenFile');
  return {
    server: server.replace(/\/+$/, ''),
    ca: bytes(cluster, 'certificate-authority'),
    cert: bytes(user, 'client-certificate'),
    key: bytes(user, 'client-key'),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    serverName: text(cluster, 'tls-server-name'),
    token: () => (tokenFile ? readFileSync(tokenFile, 'utf8').trim() : text(user, 'token')),
  };
}
