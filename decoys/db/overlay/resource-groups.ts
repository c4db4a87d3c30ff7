// Resource groups a source made: threads of a kind, on some processors, at a priority.
// Source: https://dev.mysql.com/doc/refman/9.7/en/resource-groups.html; errors as answered by a live 9.7.4.
import type { Overlay } from './overlay.ts';

export interface ResourceGroup {
  readonly name: string;
  readonly system: boolean;
  enabled: boolean;
  /** Numbers of processors, in ranges, as they are told. */
  processors: string;
  priority: number;
}

/** Processors the server is told to run on. */
export const PROCESSORS = 2;
export const ALL_PROCESSORS = `0-${PROCESSORS - 1}`;

const DEFAULTS: readonly ResourceGroup[] = ['USR_default', 'SYS_default'].map((name) => ({
  name,
  system: name.startsWith('SYS'),
  enabled: true,
  processors: ALL_PROCESSORS,
  priority: 0,
}));

/** True for the two groups a server comes with, which cannot be changed. */
export function isDefaultGroup({ name }: ResourceGroup): boolean {
  return DEFAULTS.some((group) => group.name === name);
}

/** A group by name, in any case. */
export function resourceGroup(overlay: Overlay, name: string): ResourceGroup | undefined {
  const lower = name.toLowerCase();
  return overlay.resourceGroups.get(lower) ?? DEFAULTS.find((group) => group.name.toLowerCase() === lower);
}

/** All groups, the server's own first. */
export function resourceGroups(overlay: Overlay): readonly ResourceGroup[] {
  return [...DEFAULTS, ...overlay.resourceGroups.values()];
}
