// PURGE, RESET and FLUSH of binary logs, and BINLOG, which would apply events of one.
// Source: https://dev.mysql.com/doc/refman/9.7/en/purge-binary-logs.html, reset-binary-logs-and-gtids.html, binlog.html
import { BinaryLog } from '../../overlay/binary-log.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { Scope } from '../../sql/scope.ts';
import { compilerOf } from '../../sql/select.ts';
import { parseDate } from '../../sql/value/temporal-text.ts';
import { toText } from '../../sql/value/value.ts';
import { OK, type Outcome } from '../outcome.ts';
import { noSuchSyntax } from './replication.ts';

type Handler = (x: Execution, s: StatementOf<'administration'>) => Outcome;

const MOST_LOGS = 2_000_000_000;

const purgeTo: Handler = ({ session }, s) => {
  if (!session.overlay.binaryLog.purge(s.text.replace(/^\.\//, '')))
    throw new SqlError(1373, 'HY000', 'Target log not found in binlog index');
  return OK;
};

/** Logs as old as this process are younger than any moment one names but now; of those the current one stays. */
const purgeBefore: Handler = (x, s) => {
  if (!s.value) return OK;
  const { files, current } = x.session.overlay.binaryLog;
  const value = compile(compilerOf(x), s.value, new Scope([], undefined)).get({ values: [] });
  const text = toText(value) ?? '';
  if (value !== null && !parseDate(text)) x.session.addWarning('Warning', 1292, `Incorrect datetime value: '${text}'`);
  if (files.length === 1)
    x.session.addWarning(
      'Warning',
      1868,
      `file ./${BinaryLog.nameOf(current.number)} was not purged because it is the active log file.`,
    );
  return OK;
};

const reset: Handler = ({ session }, s) => {
  const number = Number(s.text);
  if (!(number >= 1 && number <= MOST_LOGS))
    throw new SqlError(
      3567,
      'HY000',
      `The requested value '${s.text}' for the next binary log index is out of range. Please use a value between '1' and '${MOST_LOGS}'.`,
    );
  session.overlay.binaryLog.reset(number);
  return OK;
};

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}$/;

/** Events are not applied: what could be one is taken for none. */
const applyEvents: Handler = (_x, s) => {
  if (s.text.length % 4 !== 0 || !BASE64.test(s.text.trimEnd()))
    throw new SqlError(1575, 'HY000', 'Decoding of base64 string failed');
  throw noSuchSyntax();
};

/** FLUSH LOGS and FLUSH BINARY LOGS begin a log. */
export function flushBinaryLogs({ session }: Execution): void {
  session.overlay.binaryLog.rotate();
}

export const BINARY_LOG_STATEMENTS: Readonly<Record<string, Handler>> = {
  'purge-binary-logs': purgeTo,
  'purge-binary-logs-before': purgeBefore,
  'reset-binary-logs': reset,
  binlog: applyEvents,
};
