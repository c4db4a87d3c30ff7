// `/api/`: what the page asks for, what needs a login, and the login itself.
import { CANARY_PATHS, type CanaryId } from '../../touch/canary.ts';
import { type BaitFacts, BUILD } from '../facts.ts';
import { type AppAnswer, type AppRequest, type Endpoint, type EndpointContext, HTML, json, PLAIN } from './endpoint.ts';
import { readLogin } from './login.ts';
import { motionAt, scatter } from './motion.ts';

const LOGIN_MS = 35;
const LOGIN_JITTER_MS = 45;
const CHECK: readonly string[] = ['GET', 'HEAD'];

const VERSION = {
  gitVersion: `v${BUILD.version}`,
  gitCommit: BUILD.fullCommit,
  buildDate: BUILD.date,
  goVersion: BUILD.go,
};

/** Name, namespace, replicas, image, usual requests a second and usual p95 in ms. */
const WORKLOADS: readonly (readonly [string, string, number, string, number, number])[] = [
  ['api-gateway', 'edge', 3, 'api-gateway:4.11.0', 188, 41],
  ['checkout', 'shop', 4, 'checkout:2026.45.1', 52, 96],
  ['cart', 'shop', 2, 'cart:2026.44.3', 74, 38],
  ['identity', 'auth', 3, 'identity:7.2.0', 63, 27],
  ['ledger', 'finance', 2, 'ledger:3.0.9', 9, 133],
  ['mail-relay', 'edge', 1, 'mail-relay:1.4.2', 3, 210],
  ['search-indexer', 'shop', 2, 'search-indexer:0.19.5', 17, 64],
  ['metrics-agent', 'platform', 5, 'metrics-agent:0.61.0', 31, 12],
];

/** Name, usual CPU and memory in percent, pods. */
const NODES: readonly (readonly [string, number, number, number])[] = [
  ['node-a1', 43, 61, 27],
  ['node-a2', 31, 57, 24],
  ['node-b1', 52, 70, 31],
  ['node-b2', 18, 44, 19],
  ['node-c1', 37, 52, 22],
];

/** What the start page shows; numbers drift a little from step to step. */
function overview(facts: BaitFacts, now: number): AppAnswer {
  const { steps, uptimeSeconds } = motionAt(facts, now);
  return json(200, {
    updated: new Date(Math.floor(now / 10_000) * 10_000).toISOString().replace('.000', ''),
    uptimeSeconds,
    cluster: { name: 'platform', version: 'v1.34.2', region: 'eu-central' },
    nodes: NODES.map(([name, cpu, memory, pods], at) => ({
      name,
      ready: true,
      cpu: cpu + scatter(steps + at * 31, 9),
      memory: memory + scatter(steps + at * 57, 4),
      pods,
    })),
    workloads: WORKLOADS.map(([name, namespace, replicas, image, requests, p95], at) => ({
      name,
      namespace,
      ready: replicas,
      replicas,
      image,
      requests: requests + scatter(steps + at * 13, 12),
      p95: p95 + scatter(steps + at * 71, 9),
    })),
    deploys: WORKLOADS.slice(0, 5).map(([name, namespace, , image], at) => ({
      name,
      namespace,
      version: image.split(':')[1],
      by: ['ci-deploy', 'm.keller', 'ci-deploy', 's.okafor', 'ci-deploy'][at],
      hoursAgo: at * 9 + 2 + (Math.floor(uptimeSeconds / 3_600) % 24),
    })),
  });
}

function unauthorized(): AppAnswer {
  return json(401, { error: 'authentication required' }, { 'Www-Authenticate': 'Bearer realm="dashboard"' });
}

/** A token of this install's login; its holder logged in with a canary. */
function tokenOf(facts: BaitFacts, id: CanaryId): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = part({ sub: `dash_${id}`, iss: 'dashboard', jti: facts.hex(`login ${id}`, 16) });
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${claims}.${Buffer.from(facts.hex(`token ${id}`, 64), 'hex').toString('base64url')}`;
}

/** The place whose canary this request carries as a bearer token, be it a session's or a leaked one. */
function bearer(request: AppRequest, facts: BaitFacts): CanaryId | undefined {
  const value = request.headers.authorization;
  if (value === undefined || !facts.canaries || !/^bearer /i.test(value)) return undefined;
  const token = value.slice(7).trim();
  return (Object.keys(CANARY_PATHS) as CanaryId[]).find(
    (id) => token === tokenOf(facts, id) || token === facts.canary(id)?.password,
  );
}

async function login(request: AppRequest, { facts, wait, now }: EndpointContext): Promise<AppAnswer> {
  if (request.method !== 'POST') return { ...json(405, { error: 'method not allowed' }), headers: { Allow: 'POST' } };
  const credential = readLogin(request);
  // The same time for every user, known or not, give or take.
  await wait(LOGIN_MS + (now % LOGIN_JITTER_MS));
  if (credential === undefined) return json(400, { error: 'malformed request' });
  const id = (Object.keys(CANARY_PATHS) as CanaryId[]).find((known) => {
    const canary = facts.canary(known);
    return canary !== undefined && canary.user === credential.user && canary.password === credential.password;
  });
  if (id === undefined) {
    // A canary's name with another password still tells where it was read.
    const named = (Object.keys(CANARY_PATHS) as CanaryId[]).find(
      (known) => facts.canary(known)?.user === credential.user,
    );
    const note = { credential, accepted: false, ...(named ? { canary: CANARY_PATHS[named] } : {}) };
    return { ...json(401, { error: 'invalid username or password' }), note };
  }
  return {
    ...json(200, { token: tokenOf(facts, id), expiresIn: 28_800 }),
    note: { credential, accepted: true, canary: CANARY_PATHS[id] },
  };
}

/** A list for those who hold a token. */
function guarded(path: string, list: (facts: BaitFacts) => unknown): Endpoint {
  return {
    path,
    answer(request, { facts }) {
      const id = bearer(request, facts);
      if (id === undefined) return unauthorized();
      return { ...json(200, list(facts)), note: { canary: CANARY_PATHS[id], accepted: true } };
    },
  };
}

/** What the API server of Kubernetes says to the anonymous. */
function forbidden(path: string, resource?: string): Endpoint {
  return {
    path,
    answer(request) {
      const verb =
        request.method === 'GET'
          ? resource
            ? 'list'
            : 'get'
          : request.method === 'POST'
            ? 'create'
            : request.method.toLowerCase();
      const message = resource
        ? `${resource} is forbidden: User "system:anonymous" cannot ${verb} resource "${resource}" in API group "" at the cluster scope`
        : `forbidden: User "system:anonymous" cannot ${verb} path "${path}"`;
      return json(403, {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message,
        reason: 'Forbidden',
        details: resource ? { kind: resource } : {},
        code: 403,
      });
    },
  };
}

function health(path: string): Endpoint {
  return { path, answer: () => ({ status: 200, type: PLAIN, body: 'ok' }) };
}

function toLogin(path: string): Endpoint {
  return {
    path,
    answer: () => ({
      status: 302,
      type: HTML,
      body: `<a href="/login?next=${encodeURIComponent(path)}">Found</a>.\n\n`,
      headers: { Location: `/login?next=${encodeURIComponent(path)}` },
    }),
  };
}

const LOGIN_PAGE = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sign in · Platform</title>
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/assets/main.css">
</head>
<body class="signin">
<form id="signin" method="post" action="/api/v1/login">
<h1>Platform</h1>
<label>User name <input name="username" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
<p role="alert" hidden></p>
</form>
<script src="/assets/signin.js"></script>
</body>
</html>
`;

export const API: readonly Endpoint[] = [
  {
    path: '/api/v1/status',
    methods: CHECK,
    answer: () => ({ status: 200, type: 'application/json', body: `{"status":"ok","version":"${BUILD.version}"}\n` }),
  },
  { path: '/api/v1/overview', methods: CHECK, answer: (_request, { facts, now }) => overview(facts, now) },
  { path: '/api/v1/login', answer: login },
  guarded('/api/v1/users', () => [
    { id: 1, name: 'admin', role: 'owner' },
    { id: 2, name: 'm.keller', role: 'maintainer' },
    { id: 3, name: 'ci-deploy', role: 'robot' },
    { id: 4, name: 's.okafor', role: 'viewer' },
  ]),
  guarded('/api/v1/clusters', (facts) => [
    { name: 'platform', version: 'v1.34.2', nodes: NODES.length, database: `${facts.dbHost}:3306` },
  ]),
  guarded('/api/v1/secrets', () => [
    { name: 'db-password', namespace: 'platform', keys: ['password'], updated: '2026-08-02' },
    { name: 'registry-pull', namespace: 'platform', keys: ['.dockerconfigjson'], updated: '2026-05-19' },
  ]),
  { path: '/api/version', methods: CHECK, answer: () => json(200, VERSION) },
  { path: '/version', methods: CHECK, answer: () => json(200, VERSION) },
  forbidden('/api/'),
  forbidden('/api/v1'),
  forbidden('/api/v1/namespaces', 'namespaces'),
  forbidden('/api/v1/pods', 'pods'),
  forbidden('/apis/'),
  ...['/healthz', '/readyz', '/livez'].map(health),
  ...['/admin', '/console'].map(toLogin),
  { path: '/login', methods: CHECK, answer: () => ({ status: 200, type: HTML, body: LOGIN_PAGE }) },
];
