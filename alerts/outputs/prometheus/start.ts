// METRICS_PORT, BIND and METRICS_TOKEN_FILE, and the server they ask for.
import { readFileSync } from 'node:fs';
import { UserError } from '../../../decoys/touch/errors.ts';
import { type Env, readBind, readPort } from '../../../decoys/touch/settings.ts';
import { serveMetrics } from './server.ts';

const DEFAULT_PORT = 9_090;
const LOOPBACK = '127.0.0.1';

export interface StartMetricsOptions {
  readonly env: Env;
  /** In a cluster the default is every address. */
  readonly cluster: boolean;
  readonly text: () => string;
  readonly say: (message: string) => void;
}

/**
 * Serves metrics unless METRICS_PORT is 0. A port that was asked for and cannot be had is a UserError; the default one,
 * which a Prometheus on the same machine may hold, is only said.
 */
export async function startMetrics({ env, cluster, text, say }: StartMetricsOptions): Promise<void> {
  if (env.METRICS_PORT === '0') return;
  const port = readPort(env, 'METRICS_PORT', DEFAULT_PORT);
  // For a Prometheus in the cluster; on a machine of its own nobody outside it has to know.
  const host = env.BIND || cluster ? readBind(env) : LOOPBACK;
  try {
    await serveMetrics({ host, port, token: readToken(env.METRICS_TOKEN_FILE), text });
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EADDRINUSE' ? 'the port is already in use' : `it cannot be listened on (${code})`;
    if (env.METRICS_PORT)
      throw new UserError('METRICS_PORT', `METRICS_PORT=${port}: ${why}; choose another (1-65535), or 0 for none`);
    say(`no metrics: port ${port}: ${why}; METRICS_PORT names another`);
  }
}

function readToken(path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new UserError(
      'METRICS_TOKEN',
      `METRICS_TOKEN_FILE=${path}: cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  if (token === '') throw new UserError('METRICS_TOKEN', `METRICS_TOKEN_FILE=${path}: is empty`);
  return token;
}
