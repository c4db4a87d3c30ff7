// Plugins a source loaded: which there are, and the variables, status and rows they bring.
// Source: https://dev.mysql.com/doc/refman/9.7/en/install-plugin.html; rows as a live 9.7.4 tells them.
import type { Overlay } from '../overlay/overlay.ts';
import type { WireKind } from '../persona/recorded.ts';
import { OTHER_LIBRARIES, REFUSING_PLUGINS, SHIPPED_PLUGINS, type ShippedPlugin } from '../persona/shipped-plugins.ts';
import type { VariableFacts } from '../persona/system-variables.ts';
import { TYPE } from '../wire/constants.ts';
import { COUNT, SWITCH } from './components.ts';
import type { Session } from './session.ts';
import type { Record_ } from './system-rows/record.ts';

const UNSIGNED: WireKind = { ...COUNT, flags: COUNT.flags | 32 };

const WORDS: WireKind = {
  type: TYPE.VAR_STRING,
  text: true,
  length: 21_845,
  flags: 0,
  decimals: 31,
  schemaShown: false,
};

/** The plugin of that name, in any case; undefined for one that does not come as a library. */
export function shippedPlugin(name: string): ShippedPlugin | undefined {
  return SHIPPED_PLUGINS.find((plugin) => plugin.name.toLowerCase() === name.toLowerCase());
}

/** True for a library that lies in the plugin directory, by its file's name. */
export function isShippedLibrary(library: string): boolean {
  return (
    OTHER_LIBRARIES.has(library) ||
    SHIPPED_PLUGINS.some((plugin) => plugin.library === library) ||
    Object.values(REFUSING_PLUGINS).some(([refusing]) => refusing === library)
  );
}

/** The plugins a source has loaded and not taken away, in the order they came. */
export function loadedPlugins(overlay: Overlay): readonly ShippedPlugin[] {
  return [...overlay.plugins.keys()].flatMap((name) => shippedPlugin(name) ?? []);
}

function facts(name: string, [value, min, max]: readonly string[]): VariableFacts {
  const isSwitch = value === 'ON' || value === 'OFF';
  const scopes = { readGlobal: 0, readSession: 1238, writeGlobal: 0, writeSession: 1238 };
  return {
    name,
    value: value ?? '',
    wire: max !== undefined ? UNSIGNED : isSwitch ? SWITCH : WORDS,
    dataType: max !== undefined ? 'Integer' : isSwitch ? 'Boolean' : 'String',
    min: min ?? '0',
    max: max ?? '',
    ...scopes,
    isNull: value === undefined,
  };
}

/** Variables of the plugins a source loaded. */
export function pluginVariables(overlay: Overlay): readonly VariableFacts[] {
  return loadedPlugins(overlay).flatMap(({ variables = {} }) =>
    Object.entries(variables).map(([name, told]) => facts(name, told)),
  );
}

/** Status of the plugins a source loaded, by name. */
export function pluginStatus(overlay: Overlay): (readonly [string, string])[] {
  return loadedPlugins(overlay).flatMap(({ status = {} }) => Object.entries(status));
}

/** Rows of information_schema.PLUGINS of the plugins a source loaded. */
export function pluginRecords({ overlay }: Session): Record_[] {
  return loadedPlugins(overlay).map((plugin) => ({
    PLUGIN_NAME: plugin.name,
    PLUGIN_VERSION: plugin.version,
    PLUGIN_STATUS: overlay.plugins.get(plugin.name.toLowerCase())?.leaving ? 'DELETED' : 'ACTIVE',
    PLUGIN_TYPE: plugin.type,
    PLUGIN_TYPE_VERSION: plugin.typeVersion,
    PLUGIN_LIBRARY: plugin.library,
    PLUGIN_LIBRARY_VERSION: '1.11',
    PLUGIN_AUTHOR: 'Oracle Corporation',
    PLUGIN_DESCRIPTION: plugin.description,
    PLUGIN_LICENSE: 'GPL',
    LOAD_OPTION: 'ON',
  }));
}
