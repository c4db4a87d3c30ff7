// What a signature is: a pattern of an attack, where it is looked for, and the ATT&CK techniques it shows (Enterprise and Containers, v17).
import type { TechniqueId } from '../../touch/actions.ts';

/** Where a pattern is looked for: in all that the text there may mean, see renderings.ts. */
export type Place = 'target' | 'headers' | 'body';

export interface Signature {
  readonly name: string;
  readonly in: readonly Place[];
  readonly pattern: RegExp;
  readonly techniques: readonly TechniqueId[];
  /** The pattern says how a text begins: it is tried once a text, not at each of its characters. */
  readonly begins?: true;
}

export const ANYWHERE: readonly Place[] = ['target', 'headers', 'body'];
export const SENT: readonly Place[] = ['target', 'body'];

/** One pattern of many beginnings of a text. */
export function beginsWith(...beginnings: readonly RegExp[]): RegExp {
  return new RegExp(`^(?:${beginnings.map(({ source }) => source).join('|')})`, 'i');
}

/** One pattern of many alternatives: a line each, so that a reader can scan them. */
export function anyOf(...alternatives: readonly RegExp[]): RegExp {
  return new RegExp(alternatives.map(({ source }) => `(?:${source})`).join('|'), 'im');
}
