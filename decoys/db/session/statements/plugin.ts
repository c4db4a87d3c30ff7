// Libraries a client would have loaded: user-defined functions, plugins and components. None is there, and none is loaded.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-plugin-loading.html; refusals as recorded from 9.7.
import { systemRows } from '../../persona/system-tables.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { nativeFunction } from '../../sql/functions/native.ts';
import type { Outcome } from '../outcome.ts';

const NO_FILE = 'cannot open shared object file: No such file or directory';
const A_DIRECTORY = 'cannot read file data: Is a directory';

/** What dlopen says of a library in the plugin directory, which holds none. */
function whyNot(library: string): string {
  return library === '' ? A_DIRECTORY : NO_FILE;
}

/** True for the plugins the server is built with. */
function isBuiltIn(name: string): boolean {
  return systemRows('information_schema.PLUGINS').some(
    ([plugin]) => String(plugin).toLowerCase() === name.toLowerCase(),
  );
}

/** A UDF whose library is not there: what dlopen says, with the directory the server looks in. */
export function runCreateUdf(x: Execution, s: StatementOf<'create-udf'>): Outcome {
  const { pluginDir } = x.session.server.options.persona;
  if (s.library.includes('/')) throw sqlError('ER_UDF_NO_PATHS');
  if (nativeFunction(s.name, x.session.server.options.persona.changes))
    throw sqlError('ER_NATIVE_FCT_NAME_COLLISION', s.name);
  throw sqlError(
    'ER_CANT_OPEN_LIBRARY',
    s.library,
    x.session.overlay.files.size % 2 === 0 ? 2 : 22,
    `${pluginDir}${s.library}: ${whyNot(s.library)}`,
  );
}

export function runInstallPlugin(x: Execution, s: StatementOf<'install-plugin'>): Outcome {
  const { pluginDir } = x.session.server.options.persona;
  if (s.library.includes('/')) throw sqlError('ER_UDF_NO_PATHS');
  if (isBuiltIn(s.name)) throw sqlError('ER_UDF_EXISTS', s.name);
  const path = `${pluginDir}${s.library}`;
  throw sqlError('ER_CANT_OPEN_LIBRARY', path, 11, `${path}: ${whyNot(s.library)}`);
}

export function runInstallComponent(x: Execution, s: StatementOf<'install-component'>): Outcome {
  const urn = s.urns[0] ?? '';
  if (s.uninstall)
    throw new SqlError(3537, 'HY000', `Component specified by URN '${urn}' to unload has not been loaded before.`);
  const scheme = urn.indexOf('://');
  if (scheme > 0 && !urn.startsWith('file://'))
    throw new SqlError(
      3528,
      'HY000',
      `Cannot acquire scheme load service implementation for schema '${urn.slice(0, scheme)}' in specified URN: '${urn}'.`,
    );
  if (scheme < 0) throw new SqlError(3527, 'HY000', `Cannot find schema in specified URN: '${urn}'.`);
  const path = `${x.session.server.options.persona.pluginDir}${urn.slice(7)}.so`;
  throw sqlError('ER_CANT_OPEN_LIBRARY', path, 2, `${path}: ${NO_FILE}`);
}

export function runUninstallPlugin(_x: Execution, s: StatementOf<'uninstall-plugin'>): Outcome {
  if (isBuiltIn(s.name)) throw sqlError('ER_PLUGIN_DELETE_BUILTIN');
  throw sqlError('ER_SP_DOES_NOT_EXIST', 'PLUGIN', s.name);
}
