// SHOW VARIABLES, STATUS, WARNINGS, ERRORS and the process list.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import type { Value } from '../../../sql/value/value.ts';
import { statusRows } from '../../status.ts';
import { processes } from '../../system-rows/processes.ts';
import { listedText, variablesOf } from '../../variables.ts';
import { shown } from '../result.ts';
import { filtered, type Handler, limited, scanFlag } from './filter.ts';

export const showVariables: Handler = (x, s) => {
  const { session } = x;
  const global = s.scope === 'global';
  const rows = [...variablesOf(session.overlay)]
    .filter((facts) => !global || facts.readGlobal === 0)
    .map((facts) => [facts.name, listedText(session, facts, global || facts.readSession !== 0)]);
  const outcome = filtered(x, s, shown(session, global ? 'global-variables' : 'variables', rows));
  return { ...outcome, flags: scanFlag(s, { equal: ['variable_name'] }) };
};

export const showStatus: Handler = (x, s) => {
  const global = s.scope === 'global';
  return {
    ...filtered(x, s, shown(x.session, global ? 'global-status' : 'status', statusRows(x.session, global))),
  };
};

export const showWarnings: Handler = (x, s) => {
  const errors = s.what === 'errors';
  const rows = x.session.warnings
    .filter((warning) => !errors || warning.level === 'Error')
    .map((warning) => [warning.level, BigInt(warning.code), warning.message]);
  return shown(x.session, errors ? 'errors' : 'warnings', limited(x, s, rows));
};

export const countWarnings: Handler = (x, s) => {
  const errors = s.what === 'count-errors';
  const count = errors
    ? x.session.warnings.filter((warning) => warning.level === 'Error').length
    : x.session.warningCount;
  return shown(x.session, s.what, [[BigInt(count)]]);
};

const PROCESS_INFO_CHARACTERS = 100;

export const showProcesses: Handler = (x, s) => {
  x.session.addWarning(
    'Warning',
    1287,
    "'INFORMATION_SCHEMA.PROCESSLIST' is deprecated and will be removed in a future release. Please use performance_schema.processlist instead",
  );
  const rows = processes(x.session).map((p): Value[] => [
    p.id,
    p.user,
    p.host,
    p.db,
    p.command,
    p.seconds,
    p.state,
    p.info === null ? null : s.full ? p.info : p.info.slice(0, PROCESS_INFO_CHARACTERS),
  ]);
  return shown(x.session, s.full ? 'full-processlist' : 'processlist', rows);
};
