// Answers of a Kubernetes API server word for word, recorded from k8s.io/apiserver and k8s.io/apiextensions-apiserver 0.36.4 over etcd 3.5.

/** `reason` of a Status by its code (k8s.io/apimachinery, meta/v1/types.go). */
const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
};

export function status(code: number, message: string) {
  const reason = REASONS[code] ?? 'Unknown';
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

/** The one event of a watch from a version that is no longer known; its HTTP status is 200. */
export function expired(from: number, oldest: number): string {
  return `${JSON.stringify({ type: 'ERROR', object: status(410, `too old resource version: ${from} (${oldest})`) })}\n`;
}

/** About once a minute in each watch that asked for them; none at its beginning. */
export function bookmark(kind: string, version: number): string {
  const metadata = { resourceVersion: String(version) };
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind, apiVersion: 'v1', metadata, spec: {}, status: {} } })}\n`;
}

/** Of what is not served at all, a kind not yet defined included: no Status but text, newline and all. */
export const NOT_SERVED = { contentType: 'text/plain; charset=utf-8', body: '404 page not found\n' };
