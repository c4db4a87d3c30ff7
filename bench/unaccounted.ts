// What a decoy's lines leave out: touches its last heartbeat has that are in no line and in no count of lost ones.
import type { TouchLine } from '../decoys/touch/schema.ts';
import type { Figure } from './figure.ts';

/** `atLeast`: how many touches the load is known to have made. */
export function unaccounted(decoy: string, texts: readonly string[], atLeast: number): Figure {
  const lines = texts.map((text) => JSON.parse(text) as TouchLine);
  const sum = (of: (line: TouchLine) => number | undefined) => lines.reduce((all, line) => all + (of(line) ?? 0), 0);
  const told = sum(({ event, honeypod }) => (event.kind === 'event' ? honeypod.count : 0));
  const lost = sum(({ honeypod }) => honeypod.lost);
  const touches = lines.filter(({ event }) => event.kind === 'metric').at(-1)?.honeypod.touches ?? 0;
  return {
    what: `touches of ${decoy} not accounted for`,
    value: Math.abs(touches - told - lost) + Math.max(0, atLeast - touches),
    unit: `of ${touches.toLocaleString('en')}`,
    budget: { kind: 'most', value: 0 },
    note: `${lines.length} lines, ${lost} counted as lost`,
  };
}
