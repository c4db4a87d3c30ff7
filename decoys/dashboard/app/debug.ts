// The rest of `/debug/`: the index a developer made, configuration, environment, and recent requests as golang.org/x/net/trace shows them.
import { type BaitFacts, BUILD, dsnOf } from '../facts.ts';
import { type AppAnswer, type Endpoint, HTML, json, PLAIN } from './endpoint.ts';
import { motionAt, scatter } from './motion.ts';

const PAGES: readonly (readonly [href: string, text: string])[] = [
  ['/debug/config', 'config'],
  ['/debug/env', 'env'],
  ['/debug/events', 'events'],
  ['/debug/pprof/', 'pprof'],
  ['/debug/requests', 'requests'],
  ['/debug/vars', 'vars'],
];

function index(): AppAnswer {
  const items = PAGES.map(([href, text]) => `<li><a href="${href}">${text}</a></li>\n`).join('');
  const body = `<html>
<head><title>dashboard ${BUILD.version} debug</title></head>
<body>
<h1>dashboard debug</h1>
<p>version ${BUILD.version}, commit ${BUILD.commit}, ${BUILD.go}</p>
<ul>
${items}</ul>
</body>
</html>
`;
  return { status: 200, type: HTML, body };
}

function config(facts: BaitFacts): AppAnswer {
  const canary = facts.canary('config');
  const secret = canary ? { password: canary.password } : { passwordFile: '/run/secrets/db-password' };
  return json(200, {
    listen: '127.0.0.1:8081',
    debug: true,
    database: {
      driver: 'mysql',
      host: facts.dbHost,
      port: 3306,
      name: 'dashboard',
      user: canary?.user ?? 'dashboard',
      ...secret,
      maxOpen: 8,
    },
    redis: { addr: `redis.${facts.namespace}:6379`, db: 0 },
    ldap: { url: `ldap://ldap.${facts.namespace}:389`, bindDN: 'cn=dashboard,ou=services,dc=platform,dc=internal' },
    session: { ttl: '8h', cookie: 'platform_session' },
  });
}

function environment(facts: BaitFacts): AppAnswer {
  const canary = facts.canary('env');
  const lines = [
    'APP_ENV=production',
    canary ? `DB_DSN=${dsnOf(facts, 'env')}` : 'DB_DSN_FILE=/run/secrets/dsn',
    `DB_HOST=${facts.dbHost}`,
    'GOMAXPROCS=2',
    'HOME=/home/dashboard',
    `HOSTNAME=${facts.hostname}`,
    'KUBERNETES_PORT=tcp://10.96.0.1:443',
    'KUBERNETES_SERVICE_HOST=10.96.0.1',
    'KUBERNETES_SERVICE_PORT=443',
    canary ? `LDAP_BIND_PW=${canary.password}` : 'LDAP_BIND_PW_FILE=/run/secrets/ldap',
    'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    `POD_NAMESPACE=${facts.namespace}`,
  ];
  return { status: 200, type: PLAIN, body: `${lines.join('\n')}\n` };
}

const TRACED = [
  'GET /api/v1/status',
  'GET /api/v1/clusters',
  'POST /api/v1/login',
  'GET /api/v1/namespaces',
  'GET /metrics',
];
const ROWS = 10;
const ROW_MS = 41_000;

function requests(facts: BaitFacts, now: number): AppAnswer {
  const canary = facts.canary('trace');
  const session = canary?.password.toLowerCase() ?? facts.hex('session', 20);
  const { steps } = motionAt(facts, now);
  const rows = Array.from({ length: ROWS }, (_row, at) => {
    const seed = Math.floor(steps / 4) - at;
    const when = new Date(Math.floor(now / ROW_MS) * ROW_MS - at * ROW_MS)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ')
      .replaceAll('-', '/');
    const what =
      at === 3 ? `GET /admin?sid=${session} user=${canary?.user ?? 'admin'}` : TRACED[scatter(seed, TRACED.length)];
    const took = (scatter(seed, 9_000) / 1_000_000 + 0.0004).toFixed(6);
    return `<tr class="first"><td class="when">${when}</td><td class="elapsed">${took}</td><td>${what}</td></tr>\n`;
  });
  const body = `<html>
<head>
<title>/debug/requests</title>
<style type="text/css">
body { font-family: sans-serif; }
table#tr-status td.family { padding-right: 2em; }
td.when, td.elapsed { font-family: monospace; padding-right: 1em; }
</style>
</head>
<body>
<h1>/debug/requests</h1>
<table id="tr-status">
<tr><td class="family">http.Request</td><td class="active">[0 active]</td><td><a href="?fam=http.Request&b=0">[&ge;0s]</a></td><td><a href="?fam=http.Request&b=1">[&ge;0.05s]</a></td></tr>
</table>
<hr />
<h3>Family: http.Request</h3>
<table id="reqs">
<tr><th>When</th><th>Elapsed&nbsp;(s)</th></tr>
${rows.join('')}</table>
</body>
</html>
`;
  return { status: 200, type: HTML, body };
}

function events(): AppAnswer {
  const body = `<html>
<head><title>/debug/events</title></head>
<body>
<h1>/debug/events</h1>
<table id="tr-status">
<tr><td class="family">collect.Loop</td><td><a href="?fam=collect.Loop&b=0">[10s]</a></td><td><a href="?fam=collect.Loop&b=1">[1m]</a></td></tr>
</table>
</body>
</html>
`;
  return { status: 200, type: HTML, body };
}

export const DEBUG: readonly Endpoint[] = [
  { path: '/debug/', answer: index },
  { path: '/debug/config', answer: (_request, { facts }) => config(facts) },
  { path: '/debug/env', answer: (_request, { facts }) => environment(facts) },
  { path: '/debug/requests', answer: (_request, { facts, now }) => requests(facts, now) },
  { path: '/debug/events', answer: events },
];
