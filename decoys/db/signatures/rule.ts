// One kind of intent, and what in a statement tells it.
import type { TechniqueId } from '../../touch/actions.ts';
import type { PlainStatement } from '../statement-text.ts';

export interface Signature {
  readonly name: string;
  readonly techniques: readonly TechniqueId[];
  /** Exploitation, escalation, exfiltration, destruction; false for looking around. */
  readonly serious: boolean;
}

export interface Rule extends Signature {
  /** Words that must all follow one another, in this order; each alternative is such a list. */
  readonly words?: readonly (readonly string[])[];
  /** Or what no word tells. */
  readonly shape?: (statement: PlainStatement) => boolean;
  /** A statement must begin with one of these, where given. */
  readonly starts?: readonly string[];
  /** The words are the statement's own: what rows it writes say is not looked at. */
  readonly own?: boolean;
  /** And hold none of these. */
  readonly unless?: readonly string[];
}
