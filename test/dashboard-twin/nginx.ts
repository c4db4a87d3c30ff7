// Real nginx with the decoy's own site on disk, its locations as configuration and its application as upstream.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FAILURE_PAGE, LOCATIONS, type Location } from '../../decoys/dashboard/serve/locations.ts';
import { DEFAULT_TYPE, MEDIA_TYPES } from '../../decoys/dashboard/serve/media-types.ts';
import type { Site } from '../../decoys/dashboard/serve/site.ts';

const START_MS = 3_000;
const RETRY_MS = 20;

export interface NginxOptions {
  readonly host: string;
  readonly port: number;
  readonly site: Site;
  /** Path of the upstream's Unix socket. */
  readonly upstream: string;
  readonly accessLog?: boolean;
  /** `worker_processes`; 1 unless told. */
  readonly workers?: number | 'auto';
}

export interface Nginx {
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

/** The files as nginx will find them, with the times their entity tags are made of. */
function writeSite(site: Site, root: string): void {
  for (const directory of site.directories) mkdirSync(join(root, directory), { recursive: true });
  for (const { path, body, modified } of site.files.values()) {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, body);
    utimesSync(file, modified, modified);
  }
}

function locationBlock({ match, path, serve }: Location, root: string): string {
  const bodies = {
    static: `root ${root}; index index.html;`,
    application: 'proxy_pass http://application;',
    status: 'stub_status;',
    denied: 'deny all;',
  };
  return `location ${match === '=' ? '= ' : ''}${path} { ${bodies[serve]} }`;
}

export function nginxConfiguration(
  { host, port, upstream, accessLog, workers = 1 }: NginxOptions,
  root: string,
  scratch: string,
): string {
  const types = Object.entries(MEDIA_TYPES).map(([extension, type]) => `${type} ${extension};`);
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  return `${user}
worker_processes ${workers};
daemon off;
pid ${scratch}/nginx.pid;
error_log ${scratch}/error.log;
events { worker_connections 1024; }
http {
  types { ${types.join(' ')} }
  default_type ${DEFAULT_TYPE};
  access_log ${accessLog ? `${scratch}/access.log` : 'off'};
  sendfile on;
  keepalive_timeout 65;
  client_body_temp_path ${scratch}/body;
  proxy_temp_path ${scratch}/proxy;
  fastcgi_temp_path ${scratch}/fastcgi;
  uwsgi_temp_path ${scratch}/uwsgi;
  scgi_temp_path ${scratch}/scgi;
  upstream application { server unix:${upstream}; }
  server {
    listen ${host}:${port};
    server_name localhost;
    error_page 500 502 503 504 ${FAILURE_PAGE};
    location = ${FAILURE_PAGE} { root ${root}; }
    ${LOCATIONS.map((location) => locationBlock(location, root)).join('\n    ')}
  }
}
`;
}

/** Starts nginx and resolves once it accepts, which is one connection in its counters. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const scratch = mkdtempSync(join(tmpdir(), 'twin-'));
  const root = join(scratch, 'site');
  writeSite(options.site, root);
  const configuration = join(scratch, 'nginx.conf');
  writeFileSync(configuration, nginxConfiguration(options, root, scratch));
  const child = spawn('nginx', ['-c', configuration, '-e', join(scratch, 'error.log')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.once('error', (error) => {
    throw error;
  });
  await listening(options.host, options.port, ended);
  return {
    child,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

async function listening(host: string, port: number, ended: Promise<void>): Promise<void> {
  let over = false;
  ended.then(() => {
    over = true;
  });
  const until = Date.now() + START_MS;
  while (Date.now() < until && !over) {
    if (await accepts(host, port)) return;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error(`nginx does not listen on ${host}:${port}`);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
