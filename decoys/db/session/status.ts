// SHOW STATUS: the recorded names, with the values that move computed from this server's own counters.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-status-variables.html

import { TLS_CIPHERS } from '../auth/keys.ts';
import { INITIALIZED_MS } from '../persona/beginnings.ts';
import { statusNames } from '../persona/catalogue.ts';
import { componentStatus } from './components.ts';
import { innodbCounters, poolLoaded } from './innodb-counters.ts';
import { pluginStatus } from './plugins.ts';
import type { Session } from './session.ts';

const SYSTEM_THREADS = 2;

/** Lifetime of a session over TLS, the depth of chains it takes, and that it asks for a certificate, once. */
const TICKET_SECONDS = '7200';
const NO_DEPTH = '18446744073709551615';
const VERIFY_MODE = '5';

const MOVING: Readonly<Record<string, (session: Session) => string>> = {
  __proto__: null as never,
  Uptime: (s) => uptime(s),
  Uptime_since_flush_status: (s) => uptime(s),
  Threads_connected: (s) => String(s.server.sessionsOf(s.overlay).length),
  Threads_created: (s) => String(Math.max(1, s.server.counters.get('Max_used_connections') ?? 1)),
  Threads_running: () => String(SYSTEM_THREADS),
  Threads_cached: (s) =>
    String(Math.max(0, (s.server.counters.get('Max_used_connections') ?? 1) - s.server.sessions.size)),
  Ssl_cipher: (s) => s.tlsCipher,
  Ssl_version: (s) => s.tlsVersion,
  Ssl_cipher_list: (s) => (s.tlsVersion ? TLS_CIPHERS.join(':') : ''),
  Ssl_default_timeout: (s) => (s.tlsVersion ? TICKET_SECONDS : '0'),
  Ssl_verify_depth: (s) => (s.tlsVersion ? NO_DEPTH : '0'),
  Ssl_verify_mode: (s) => (s.tlsVersion ? VERIFY_MODE : '0'),
  Ssl_server_not_before: (s) => certificateDate(s.server.options.startedMs - INITIALIZED_MS),
  Ssl_server_not_after: (s) => certificateDate(s.server.options.startedMs - INITIALIZED_MS + CERTIFICATE_DAYS * DAY_MS),
  Rsa_public_key: (s) => s.server.publicKey,
  Caching_sha2_password_rsa_public_key: (s) => s.server.publicKey,
  Innodb_buffer_pool_load_status: poolLoaded,
  'option_tracker_usage:Traditional Optimizer': (s) => String(s.server.counters.get('Com_select') ?? 0),
  Compression: (s) => (s.compression ? 'ON' : 'OFF'),
  Compression_algorithm: (s) => s.compression?.algorithm ?? '',
  Compression_level: (s) => String(s.compression?.level ?? 0),
};

/** Names whose recorded value belongs to the recording; they count from this server's start. */
const COUNTED =
  /^(Com_|Bytes_|Questions$|Queries$|Connections$|Aborted_|Max_used_connections$|Handler_|Created_tmp|Select_|Sort_|Slow_queries$|Innodb_rows|Ssl_accepts$|Locked_connects$|Connection_errors_max_connections$|Ssl_finished_accepts$)/;

/** Of those, what each session counts for itself. */
const COUNTED_BY_SESSION = /^(Com_|Bytes_|Questions$|Handler_|Created_tmp_(disk_)?tables$|Select_|Sort_|Slow_queries$)/;

const CERTIFICATE_DAYS = 3_650;
const DAY_MS = 86_400_000;

/** `Nov 23 06:15:32 2026 GMT`, as OpenSSL prints a certificate's dates. */
function certificateDate(ms: number): string {
  const [, day, month, year, time] = new Date(ms).toUTCString().split(' ') as [string, string, string, string, string];
  return `${month} ${String(Number(day)).padStart(2)} ${time} ${year} GMT`;
}

function uptime(session: Session): string {
  return String(Math.floor((Date.now() - session.server.options.startedMs) / 1000));
}

/** Since this server's start, on top of what the start itself counts; a session counts for itself. */
function countOf(session: Session, name: string, global: boolean, atStart: string): number {
  if (!global && COUNTED_BY_SESSION.test(name)) return session.work.get(name);
  return Number(atStart) + (session.server.counters.get(name) ?? 0);
}

/** What COM_STATISTICS tells, by its names in SHOW STATUS. */
const TOLD_SHORTLY = [
  ['Uptime', 'Uptime'],
  ['Threads', 'Threads'],
  ['Questions', 'Queries'],
  ['Slow queries', 'Slow_queries'],
  ['Opens', 'Opened_tables'],
  ['Flush tables', 'Flush_commands'],
  ['Open tables', 'Open_tables'],
] as const;

/** The one line COM_STATISTICS answers. */
export function shortStatus(session: Session): string {
  const values = new Map(ownStatus(session, true));
  // Beside the clients' it counts the thread that waits for events to be due.
  const waits = session.readVariable('event_scheduler', 'global').value === 'ON' ? 1 : 0;
  values.set('Threads', String(Number(values.get('Threads_connected')) + waits));
  const told = TOLD_SHORTLY.map(([label, name]) => `${label}: ${values.get(name) ?? 0}`);
  const seconds = Math.max(1, Number(values.get('Uptime')));
  return [...told, `Queries per second avg: ${(Number(values.get('Queries')) / seconds).toFixed(3)}`].join('  ');
}

/** Names and values of SHOW STATUS, in its order. */
export function statusRows(session: Session, global: boolean): (readonly [string, string])[] {
  const more = [...componentStatus(session), ...pluginStatus(session.overlay)];
  const own = ownStatus(session, global);
  if (more.length === 0) return own;
  return [...own, ...more].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
}

function ownStatus(session: Session, global: boolean): (readonly [string, string])[] {
  const innodb = innodbCounters(session);
  return statusNames(!global).map(([name, value]) => {
    const counted = innodb[name as string];
    if (counted !== undefined) return [name as string, String(counted)];
    const moving = MOVING[name as string];
    if (moving) return [name as string, moving(session)];
    if (name === 'Max_used_connections_time')
      return [name, new Date(session.server.options.startedMs).toISOString().slice(0, 19).replace('T', ' ')];
    if (name === 'Error_log_latest_write') return [name, String(session.server.options.startedMs * 1000)];
    if (COUNTED.test(name as string))
      return [name as string, String(countOf(session, name as string, global, value as string))];
    return [name as string, value as string];
  });
}
