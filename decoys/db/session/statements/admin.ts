// Administration: replication, key caches, persisted variables, XA and what else has a statement and little behind it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-server-administration-statements.html; errors as recorded from 9.7.
import type { StatementOf } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { OK, type Outcome } from '../outcome.ts';
import { BINARY_LOG_STATEMENTS } from './binary-log.ts';
import { runHelp } from './help.ts';
import { ofKeyCache } from './maintenance.ts';
import { noSuchSyntax, REPLICATION_STATEMENTS } from './replication.ts';
import { shown } from './result.ts';
import { STORAGE_STATEMENTS } from './storage.ts';
import { xaEnd, xaFinish, xaPrepare, xaRecovered, xaStart } from './xa.ts';

type AdminHandler = (x: Execution, s: StatementOf<'administration'>) => Outcome;

const ok: AdminHandler = () => OK;
const failing =
  (code: number, sqlstate: string, message: string): AdminHandler =>
  () => {
    throw new SqlError(code, sqlstate, message);
  };

/** Forgets what SET PERSIST kept of one variable, or of all where none is named. */
function resetPersisted(x: Execution, name: string, missing: (message: string) => void): void {
  const { persisted } = x.session.overlay;
  if (name === '') persisted.clear();
  else if (!persisted.delete(name.toLowerCase())) missing(`Variable ${name} does not exist in persisted config file`);
}

/** Throws 1524 until the source loaded the plugin that clones. */
function checkCloning(x: Execution): void {
  if (!x.session.overlay.plugins.has('clone')) throw sqlError('ER_PLUGIN_IS_NOT_LOADED', 'clone');
}

const TLS_CHANNELS: ReadonlySet<string> = new Set(['mysql_main', 'mysql_admin']);

const ADMINISTRATION: Readonly<Record<string, AdminHandler>> = {
  ...STORAGE_STATEMENTS,
  ...REPLICATION_STATEMENTS,
  ...BINARY_LOG_STATEMENTS,
  'reload-tls': (_x, s) => {
    if (TLS_CHANNELS.has(s.text.toLowerCase())) return OK;
    throw noSuchSyntax();
  },
  'switch-redo-log': (x, s) => {
    x.session.overlay.redoLog = s.text === 'ENABLE';
    return OK;
  },
  'rotate-binlog-key': failing(3805, 'HY000', "Cannot rotate binary log master key when 'binlog-encryption' is off."),
  'reload-keyring': failing(4035, 'HY000', 'Keyring reload failed. Please check error log for more details.'),
  'rotate-master-key': failing(
    3185,
    'HY000',
    "Can't find master key from keyring, please check in the server log if a keyring is loaded and initialized successfully.",
  ),
  'group-replication': failing(
    3092,
    'HY000',
    'The server is not configured properly to be an active member of the group. Please see more details on error log.',
  ),
  clone: (x, { names }) => {
    checkCloning(x);
    const [host = '', port = ''] = names;
    const donors = x.session.text('clone_valid_donor_list');
    throw donors.split(',').includes(`${host}:${port}`)
      ? new SqlError(
          3862,
          'HY000',
          `Clone Donor Error: Connect failed: 2003 : Can't connect to MySQL server on '${host}:${port}' (111).`,
        )
      : new SqlError(
          3869,
          'HY000',
          `Clone system configuration: ${host}:${port} is not found in clone_valid_donor_list: ${donors}`,
        );
  },
  'clone-local': (x, { text }) => {
    checkCloning(x);
    if (!text.startsWith('/')) throw new SqlError(1525, 'HY000', `Incorrect path value: '${text}'`);
    return OK;
  },
  'import-table': (x, s) => {
    if (x.session.database === '') throw sqlError('ER_NO_DB_ERROR');
    const { secureFilePriv } = x.session.server.options.persona;
    const [pattern = ''] = s.names;
    if (!pattern.startsWith(secureFilePriv))
      throw sqlError('ER_OPTION_PREVENTS_STATEMENT', `--secure-file-priv='${secureFilePriv}'`);
    throw new SqlError(3608, 'HY000', `No SDI files matched the pattern '${pattern.slice(secureFilePriv.length)}'`);
  },
  'cache-index': (x, s) => {
    if (s.text.toLowerCase() !== 'default' && !x.session.overlay.globals.has(`${s.text.toLowerCase()}.key_buffer_size`))
      throw new SqlError(1284, 'HY000', `Unknown key cache '${s.text}'`);
    return ofKeyCache(x, s, 'assign_to_keycache');
  },
  'preload-keys': (x, s) => ofKeyCache(x, s, 'preload_keys'),
  'reset-persist': (x, s) => {
    resetPersisted(x, s.text, (message) => {
      throw new SqlError(3615, 'HY000', message);
    });
    return OK;
  },
  'reset-persist-if-exists': (x, s) => {
    resetPersisted(x, s.text, (message) => x.session.addWarning('Warning', 3615, message));
    return OK;
  },
  'lock-instance': ok,
  'unlock-instance': ok,
  help: (x, s) => runHelp(x, s.text),
  'xa-recover': (x, s) => shown(x.session, 'xa-recover', xaRecovered(x, s.text)),
  'xa-start': xaStart,
  'xa-end': xaEnd,
  'xa-prepare': xaPrepare,
  'xa-commit': xaFinish(false, true),
  'xa-commit-one-phase': xaFinish(true, false),
  'xa-rollback': xaFinish(true, true),
};

/** Throws 1235 for a statement nothing is known of. */
export function runAdministration(x: Execution, s: StatementOf<'administration'>): Outcome {
  const handler = ADMINISTRATION[s.what];
  if (!handler) throw sqlError('ER_NOT_SUPPORTED_YET', s.what);
  return handler(x, s);
}
