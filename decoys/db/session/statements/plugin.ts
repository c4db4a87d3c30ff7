// Libraries a client would have loaded: user-defined functions, plugins and components. Of those the server comes with, components are loaded; nothing else is there.
// Source: https://dev.mysql.com/doc/refman/9.7/en/server-plugin-loading.html; refusals as recorded from 9.7.
import { OTHER_LIBRARIES, REFUSING_PLUGINS, type ShippedPlugin } from '../../persona/shipped-plugins.ts';
import { systemRows } from '../../persona/system-tables.ts';
import type { StatementOf } from '../../sql/ast/statement.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { nativeFunction } from '../../sql/functions/native.ts';
import { detached } from '../../sql/value/detached.ts';
import { COMPONENTS, componentVariables, REFUSING_COMPONENTS } from '../components.ts';
import { OK, type Outcome } from '../outcome.ts';
import { isShippedLibrary, shippedPlugin } from '../plugins.ts';
import type { Session } from '../session.ts';

const NO_FILE = 'cannot open shared object file: No such file or directory';
const A_DIRECTORY = 'cannot read file data: Is a directory';

/** What dlopen says of a library in the plugin directory, which holds none. */
function whyNot(library: string): string {
  return library === '' ? A_DIRECTORY : NO_FILE;
}

/** A library that is not in the plugin directory; `errno` is what its loader was left with. */
export function missingLibrary(session: Session, library: string, errno: number): SqlError {
  const path = `${session.server.options.persona.pluginDir}${library}`;
  return sqlError('ER_CANT_OPEN_LIBRARY', path, errno, `${path}: ${whyNot(library)}`);
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
  if (isShippedLibrary(s.library)) throw sqlError('ER_CANT_FIND_DL_ENTRY', s.name);
  throw sqlError(
    'ER_CANT_OPEN_LIBRARY',
    s.library,
    x.session.overlay.files.size % 2 === 0 ? 2 : 22,
    `${pluginDir}${s.library}: ${whyNot(s.library)}`,
  );
}

/** INSTALL PLUGIN: no library is ever looked for; those the server comes with are known. Throws 1124, 1125, 1126 or 1127. */
export function runInstallPlugin(x: Execution, s: StatementOf<'install-plugin'>): Outcome {
  if (s.library.includes('/')) throw sqlError('ER_UDF_NO_PATHS');
  if (isBuiltIn(s.name)) throw sqlError('ER_UDF_EXISTS', s.name);
  if (x.session.overlay.plugins.has(s.name.toLowerCase())) throw sqlError('ER_UDF_EXISTS', s.name);
  const [refusing, code] = REFUSING_PLUGINS[s.name.toLowerCase()] ?? [];
  if (refusing === s.library) throw refusal(s.name, code ?? 0);
  if (!isShippedLibrary(s.library)) throw missingLibrary(x.session, s.library, 11);
  return load(x, s.name, s.library);
}

function refusal(name: string, code: number): SqlError {
  return code === 1721
    ? new SqlError(
        code,
        'HY000',
        `Plugin '${name}' is marked as not dynamically installable. You have to stop the server to install it.`,
      )
    : new SqlError(code, 'HY000', `Can't initialize function '${name}'; Plugin initialization function failed.`);
}

/** Symbol a library of plugins begins with. */
const INTERFACE = '_mysql_plugin_interface_version_';

function load(x: Execution, name: string, library: string): Outcome {
  const plugin = shippedPlugin(name);
  if (OTHER_LIBRARIES.has(library)) throw sqlError('ER_CANT_FIND_DL_ENTRY', INTERFACE);
  if (plugin?.library !== library) throw sqlError('ER_CANT_FIND_DL_ENTRY', name);
  x.session.overlay.plugins.set(name.toLowerCase(), { name: detached(name), leaving: false });
  warnOfPlugin(x, plugin);
  return OK;
}

/** One of them has become a component. */
function warnOfPlugin(x: Execution, { name }: ShippedPlugin): void {
  if (name === 'validate_password')
    x.session.addWarning(
      'Warning',
      1287,
      "'validate password plugin' is deprecated and will be removed in a future release. Please use validate_password component instead",
    );
}

const SCHEME = 'file://';

/** What cannot be loaded by this name. Throws 3527, 3528, 3529 or 1126. */
function checkLibrary(x: Execution, urn: string): void {
  const scheme = urn.indexOf('://');
  if (scheme > 0 && !urn.startsWith(SCHEME))
    throw new SqlError(
      3528,
      'HY000',
      `Cannot acquire scheme load service implementation for schema '${urn.slice(0, scheme)}' in specified URN: '${urn}'.`,
    );
  if (scheme < 0) throw new SqlError(3527, 'HY000', `Cannot find schema in specified URN: '${urn}'.`);
  const library = urn.slice(SCHEME.length);
  if (library.includes('/') || REFUSING_COMPONENTS.has(library) || x.session.overlay.components.has(urn))
    throw new SqlError(3529, 'HY000', `Cannot load component from specified URN: '${urn}'.`);
  if (COMPONENTS.has(library)) return;
  throw missingLibrary(x.session, `${library}.so`, 2);
}

/** Loads those of the server's own components that are named, all or none; they then have a group of their own. */
export function runInstallComponent(x: Execution, s: StatementOf<'install-component'>): Outcome {
  const { overlay } = x.session;
  if (s.uninstall) return uninstallComponents(x, s.urns);
  const { lastComponent } = overlay;
  lastComponent.group++;
  // Ids are given before the libraries are looked for.
  lastComponent.id += s.urns.length;
  for (const urn of s.urns) checkLibrary(x, urn);
  for (const [at, urn] of s.urns.entries())
    overlay.components.set(urn, {
      id: lastComponent.id - s.urns.length + at + 1,
      group: lastComponent.group,
      sinceMs: x.startedMs,
    });
  return OK;
}

function uninstallComponents(x: Execution, urns: readonly string[]): Outcome {
  const { components, globals } = x.session.overlay;
  const missing = urns.find((urn) => !components.has(urn));
  if (missing !== undefined)
    throw new SqlError(3537, 'HY000', `Component specified by URN '${missing}' to unload has not been loaded before.`);
  for (const urn of urns) {
    const before = componentVariables(x.session.overlay);
    components.delete(urn);
    const after = componentVariables(x.session.overlay);
    for (const { name } of before) if (!after.some((facts) => facts.name === name)) globals.delete(name);
  }
  return OK;
}

/** UNINSTALL PLUGIN. Throws 1305 or 1619. */
export function runUninstallPlugin(x: Execution, s: StatementOf<'uninstall-plugin'>): Outcome {
  const { plugins, globals } = x.session.overlay;
  const key = s.name.toLowerCase();
  const loaded = plugins.get(key);
  const plugin = shippedPlugin(s.name);
  if (loaded && !loaded.leaving && plugin) {
    if (plugin.busy) {
      plugins.set(key, { ...loaded, leaving: true });
      x.session.addWarning('Warning', 1620, 'Plugin is busy and will be uninstalled on shutdown');
      return OK;
    }
    plugins.delete(key);
    for (const name of Object.keys(plugin.variables ?? {})) globals.delete(name);
    warnOfPlugin(x, plugin);
    return OK;
  }
  if (isBuiltIn(s.name)) throw sqlError('ER_PLUGIN_DELETE_BUILTIN');
  throw sqlError('ER_SP_DOES_NOT_EXIST', 'PLUGIN', s.name);
}
