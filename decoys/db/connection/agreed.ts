// What client and server agreed on in a login: compression, and how results are counted and told.
// Source: https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html
import type { Session } from '../session/session.ts';
import { CLIENT } from '../wire/constants.ts';
import type { Login } from '../wire/login.ts';
import type { Channel } from './channel.ts';

/** What zlib is asked for where the client names no level. */
const ZLIB_LEVEL = 6;

/** Holds the session to what its client said it can. */
export function keepAgreed(session: Session, { capabilities }: Login): void {
  session.countsFound = (capabilities & CLIENT.FOUND_ROWS) !== 0;
  session.wantsNoSchemas = (capabilities & CLIENT.NO_SCHEMA) !== 0;
  if (capabilities & CLIENT.IGNORE_SPACE) session.variables.set('sql_mode', `IGNORE_SPACE,${session.sqlMode()}`);
  session.mayOmitMetadata = (capabilities & CLIENT.OPTIONAL_RESULTSET_METADATA) !== 0;
}

/** From here on packets go in compressed frames, where the client asked for that; zlib goes before zstd. */
export function openCompression(session: Session, channel: Channel, { capabilities, zstdLevel }: Login): void {
  const asked =
    capabilities & CLIENT.COMPRESS
      ? ({ algorithm: 'zlib', level: ZLIB_LEVEL } as const)
      : capabilities & CLIENT.ZSTD_COMPRESSION
        ? ({ algorithm: 'zstd', level: zstdLevel } as const)
        : undefined;
  if (!asked) return;
  session.compression = asked;
  channel.compress(asked.algorithm);
}
