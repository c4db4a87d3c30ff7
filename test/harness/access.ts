// What a service account may do by the RBAC objects of an install, asked with requests as they go over the wire
// (kubernetes.io, "Using RBAC Authorization" and "Determine the request verb").
import type { KubernetesObject } from './manifests.ts';

export interface Access {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  /** Undefined for a request over all namespaces or about what is in none. */
  readonly namespace: string | undefined;
}

const PATH = /^\/(?:api|apis\/([^/]+))\/[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+)(?:\/([^/]+))?)?$/;
const VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** `GET /api/v1/pods?watch=true` as the authoriser sees it. */
export function accessOf(request: string): Access {
  const [method = '', url = ''] = request.split(' ');
  const { pathname, searchParams } = new URL(url, 'http://cluster');
  const [, group = '', namespace, resource = '', name, subresource] = PATH.exec(pathname) ?? [];
  if (!resource) throw new Error(`${request}: no path of a resource`);
  const reading = name !== undefined ? 'get' : searchParams.get('watch') === 'true' ? 'watch' : 'list';
  return {
    verb: method === 'GET' ? reading : (VERBS[method] ?? method),
    group,
    resource: subresource ? `${resource}/${subresource}` : resource,
    namespace,
  };
}

interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** The rules that hold for the account in a namespace, or everywhere. */
export function rulesFor(
  objects: readonly KubernetesObject[],
  account: string,
  namespace: string | undefined,
): PolicyRule[] {
  const bindings = objects.filter(
    ({ kind, metadata, subjects }) =>
      (kind === 'ClusterRoleBinding' || (kind === 'RoleBinding' && metadata.namespace === namespace)) &&
      subjects.some(
        (subject: { namespace: string; name: string }) => `${subject.namespace}/${subject.name}` === account,
      ),
  );
  return bindings.flatMap(({ kind, metadata, roleRef }) => {
    const role = objects.find(
      (object) =>
        object.kind === roleRef.kind &&
        object.metadata.name === roleRef.name &&
        (kind === 'ClusterRoleBinding' || object.metadata.namespace === metadata.namespace),
    );
    return (role?.rules ?? []) as PolicyRule[];
  });
}

export function grants({ apiGroups, resources, verbs }: PolicyRule, { verb, group, resource }: Access): boolean {
  return apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb);
}
