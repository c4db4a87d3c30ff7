// As much of a Kubernetes API server as `kubectl apply`, `wait`, `get` and `delete` speak to: discovery, create, read, delete, and kinds
// that exist only once their definition does. It does not validate: types and our kinds' rules are checked elsewhere.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubernetesObject } from './manifests.ts';

interface Kind {
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

const k = (kind: string, plural: string, namespaced = true): Kind => ({ kind, plural, namespaced });

/** Group and version to its kinds. */
const BUILT_IN: Readonly<Record<string, readonly Kind[]>> = {
  v1: [
    k('Namespace', 'namespaces', false),
    k('ServiceAccount', 'serviceaccounts'),
    k('Service', 'services'),
    k('ConfigMap', 'configmaps'),
    k('Secret', 'secrets'),
    k('Pod', 'pods'),
  ],
  'apps/v1': [k('Deployment', 'deployments'), k('DaemonSet', 'daemonsets')],
  'networking.k8s.io/v1': [k('NetworkPolicy', 'networkpolicies')],
  'rbac.authorization.k8s.io/v1': [
    k('Role', 'roles'),
    k('RoleBinding', 'rolebindings'),
    k('ClusterRole', 'clusterroles', false),
    k('ClusterRoleBinding', 'clusterrolebindings', false),
  ],
  'apiextensions.k8s.io/v1': [k('CustomResourceDefinition', 'customresourcedefinitions', false)],
};

export interface ApiServer {
  readonly kubeconfig: string;
  /** Paths of the objects there are. */
  readonly stored: ReadonlyMap<string, KubernetesObject>;
  close(): Promise<void>;
}

export async function startApiServer(): Promise<ApiServer> {
  const stored = new Map<string, KubernetesObject>();
  let version = 1;

  /** Kinds there are now: the built-in ones and those that have been defined. */
  function kinds(): Map<string, Kind[]> {
    const found = new Map(Object.entries(BUILT_IN).map(([group, list]) => [group, [...list]]));
    for (const { kind, spec } of stored.values()) {
      if (kind !== 'CustomResourceDefinition') continue;
      const group = `${spec.group}/${spec.versions[0].name}`;
      const { names, scope } = spec;
      found.set(group, [...(found.get(group) ?? []), k(names.kind, names.plural, scope === 'Namespaced')]);
    }
    return found;
  }

  function discovery(path: string): unknown {
    const groups = kinds();
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/apis') {
      const versions = [...groups.keys()].filter((group) => group.includes('/'));
      return {
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: versions.map((groupVersion) => {
          const [name, version] = groupVersion.split('/');
          return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
        }),
      };
    }
    const groupVersion = path.replace(/^\/apis?\//, '');
    const list = groups.get(groupVersion);
    return (
      list && {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion,
        resources: list.map(({ kind, plural, namespaced }) => ({
          name: plural,
          singularName: kind.toLowerCase(),
          namespaced,
          kind,
          verbs: ['create', 'delete', 'get', 'list', 'patch', 'watch'],
          ...(kind === 'CustomResourceDefinition' ? { shortNames: ['crd', 'crds'] } : {}),
        })),
      }
    );
  }

  /** What kubectl reads of it: that unknown fields can be refused by the server. */
  function openapi(path: string): unknown {
    if (path === '/openapi/v3') {
      const groups = [...kinds().keys()].map((group) => `${group.includes('/') ? 'apis' : 'api'}/${group}`);
      return {
        paths: Object.fromEntries(groups.map((group) => [group, { serverRelativeURL: `/openapi/v3/${group}` }])),
      };
    }
    const groupVersion = path.replace(/^\/openapi\/v3\/apis?\//, '');
    const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
    const operation = (kind: string) => ({
      parameters: [{ name: 'fieldValidation', in: 'query' }],
      'x-kubernetes-group-version-kind': { group, version, kind },
      responses: {},
    });
    const list = kinds().get(groupVersion) ?? [];
    const paths = list.map(({ plural, kind }) => [`/${plural}/{name}`, { patch: operation(kind) }]);
    return { openapi: '3.0.0', info: { title: 'test', version: '1.36.0' }, paths: Object.fromEntries(paths) };
  }

  function store(path: string, object: KubernetesObject): KubernetesObject {
    version += 1;
    const isDefinition = object.kind === 'CustomResourceDefinition';
    const kept = {
      ...object,
      metadata: { ...object.metadata, uid: `uid-${version}`, resourceVersion: String(version) },
      ...(isDefinition ? { status: { conditions: [{ type: 'Established', status: 'True' }] } } : {}),
    };
    stored.set(`${path}/${object.metadata.name}`, kept);
    return kept;
  }

  /** With all that is in a namespace, or of a kind that is no longer defined. */
  function remove(path: string, { kind, spec }: KubernetesObject): void {
    stored.delete(path);
    for (const key of stored.keys()) {
      const inside = kind === 'Namespace' && key.includes(`/namespaces/${path.split('/').at(-1)}/`);
      const ofKind =
        kind === 'CustomResourceDefinition' &&
        key.startsWith(`/apis/${spec.group}/`) &&
        key.includes(`/${spec.names.plural}/`);
      if (inside || ofKind) stored.delete(key);
    }
  }

  function listed(path: string, { searchParams }: URL): unknown {
    const selector = searchParams.get('labelSelector') ?? '';
    const name = /metadata\.name=([^,]+)/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
    const items = [...stored].filter(
      ([key, { metadata }]) =>
        key === `${path}/${metadata.name}` &&
        (name === undefined || metadata.name === name) &&
        selector.split(',').every((term) => {
          const [label = '', value] = term.split('=');
          return term === '' || metadata.labels?.[label] === value;
        }),
    );
    return {
      kind: 'List',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(version) },
      items: items.map(([, item]) => item),
    };
  }

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://cluster');
    const path = url.pathname.replace(/\/$/, '');
    const send = (code: number, value: unknown) => {
      answer.writeHead(code, { 'content-type': 'application/json' });
      answer.end(JSON.stringify(value));
    };
    const missing = () =>
      send(404, {
        kind: 'Status',
        apiVersion: 'v1',
        status: 'Failure',
        reason: 'NotFound',
        message: `${path} not found`,
        code: 404,
      });
    if (path === '/version') return send(200, { major: '1', minor: '36', gitVersion: 'v1.36.0' });
    if (path.startsWith('/openapi/v3')) return send(200, openapi(path));
    const found = /^\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/[^/]+(?=\/))?\/([^/]+)(\/[^/]+)?$/.exec(path);
    const known = found && [...kinds()].some(([, list]) => list.some(({ plural }) => plural === found[1]));
    if (!known) {
      const value = request.method === 'GET' ? discovery(path) : undefined;
      return value ? send(200, value) : missing();
    }
    if (request.method === 'POST') {
      let text = '';
      for await (const part of request) text += String(part);
      return send(201, store(path, JSON.parse(text) as KubernetesObject));
    }
    if (!found[2]) return send(200, listed(path, url));
    const object = stored.get(path);
    if (!object) return missing();
    if (request.method === 'DELETE') remove(path, object);
    // kubectl patches only what changed, and here nothing did.
    return request.method === 'PATCH' ? send(409, { kind: 'Status', status: 'Failure', code: 409 }) : send(200, object);
  }

  const server = createServer((request, answer) => {
    handle(request, answer).catch((error: Error) => answer.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    stored,
    kubeconfig: JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [{ name: 'test', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
      users: [{ name: 'test', user: {} }],
    }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
