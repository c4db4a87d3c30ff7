// SHOW ENGINE in its forms, and SHOW PROFILE(S).
// Source: https://dev.mysql.com/doc/refman/9.7/en/show.html

import { systemRows } from '../../../persona/catalogue.ts';
import { sqlError } from '../../../sql/errors.ts';
import type { Execution } from '../../../sql/execution.ts';
import { STATUS } from '../../../wire/constants.ts';
import { innodbStatus } from '../../innodb-status.ts';
import type { Outcome } from '../../outcome.ts';
import { shown } from '../result.ts';
import type { Handler, Show } from './filter.ts';

export const showProfiles: Handler = (x) => {
  x.session.addWarning(
    'Warning',
    1287,
    "'SHOW PROFILES' is deprecated and will be removed in a future release. Please use Performance Schema instead",
  );
  return shown(x.session, 'profiles', []);
};

export const showProfile: Handler = (x) => {
  x.session.addWarning(
    'Warning',
    1287,
    "'SHOW PROFILE' is deprecated and will be removed in a future release. Please use Performance Schema instead",
  );
  return { ...shown(x.session, 'profile', []), flags: STATUS.NO_INDEX };
};

export const showEngineStatus: Handler = (x, s) =>
  engine(x, s, () =>
    shown(x.session, 'engine-status', [['InnoDB', '', innodbStatus(x.startedMs, x.session.server.options.startedMs)]]),
  );

export const showEngineMutex: Handler = (x, s) => engine(x, s, () => shown(x.session, 'engine-mutex', []));

function engine(x: Execution, s: Show, rows: () => Outcome): Outcome {
  const name = s.name.toLowerCase();
  if (name === 'innodb' || name === 'all') return rows();
  if (!systemRows('information_schema.ENGINES').some((row) => (row[0] ?? '').toLowerCase() === name))
    throw sqlError('ER_UNKNOWN_STORAGE_ENGINE', s.name);
  return shown(x.session, 'engine-mutex', []);
}
