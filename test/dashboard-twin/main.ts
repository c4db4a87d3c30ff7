// The decoy and real nginx side by side, for anyone to compare: same site, same locations, same application, same port number on
// two loopback addresses. Prints where they are and stays until Ctrl-C.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSite } from '../../decoys/dashboard/build-site.ts';
import { dashboardParts, startDashboard } from '../../decoys/dashboard/dashboard.ts';
import { dashboardSettings } from '../../decoys/dashboard/settings.ts';
import { exitWith, UserError } from '../../decoys/touch/errors.ts';
import { readPort } from '../../decoys/touch/settings.ts';
import { missing } from '../harness/tools.ts';
import { startNginx } from './nginx.ts';
import { startUpstream } from './upstream.ts';

const REFERENCE = '127.0.0.2';
const DECOY = '127.0.0.1';
const TWIN_PORT = 8088;
/** Canaries in the answers are the same on both sides whatever the key is. */
const KEY = 'a-key-for-comparing-only';

async function run(): Promise<void> {
  const lacking = missing('nginx');
  if (lacking) throw new UserError('NO_NGINX', `${lacking} (Debian: apt-get install nginx-light)`);
  const port = readPort(process.env, 'TWIN_PORT', TWIN_PORT);
  const env = { SESSION_KEY: KEY, ...process.env, BIND: DECOY, DEBUG_PORT: String(port), TLS_PORT: '' };
  // The lure has no twin: any port will do.
  const settings = { ...dashboardSettings(env), tlsPort: 0 };
  const parts = dashboardParts(settings);
  const scratch = mkdtempSync(join(tmpdir(), 'twin-app-'));
  const upstream = await startUpstream(join(scratch, 'app.sock'), parts.load);
  const log = process.env.TWIN_ACCESS_LOG === 'true';
  const nginx = await startNginx({
    host: REFERENCE,
    port,
    site: buildSite(parts.facts),
    upstream: join(scratch, 'app.sock'),
    accessLog: log,
    workers: process.env.TWIN_WORKERS === 'auto' ? 'auto' : 1,
  });
  const decoy = await startDashboard(settings, { touch: () => undefined, logCredentials: true }, parts);
  await parts.load();
  // nginx was asked once whether it is up; so is the decoy, that their counters agree.
  await knock(port);
  process.stdout.write(`reference=${REFERENCE}:${port} decoy=${DECOY}:${port}\n`);

  const end = async () => {
    process.stdout.write(`requests that reached the upstream: ${upstream.asked()}\n`);
    upstream.close();
    await Promise.all([decoy.close(), nginx.stop()]);
    rmSync(scratch, { recursive: true, force: true });
    process.exit(0);
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function knock(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect({ host: DECOY, port }, () => socket.destroy());
    socket.on('close', () => resolve());
  });
}

run().catch((error: unknown) => exitWith('twin', error));
