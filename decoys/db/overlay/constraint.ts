// Constraints of a table as kept: foreign keys and checks, each with the name the server gives it.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-table-foreign-keys.html and create-table-check-constraints.html
import type { Expression } from '../sql/ast/expression.ts';
import type { ReferenceAction } from '../sql/ast/table.ts';

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  /** The parent's. */
  readonly schema: string;
  readonly table: string;
  readonly referenced: readonly string[];
  readonly onDelete: ReferenceAction | undefined;
  readonly onUpdate: ReferenceAction | undefined;
}

export interface Check {
  readonly name: string;
  readonly expression: Expression;
  readonly enforced: boolean;
  /** As the server writes it. */
  readonly text: string;
}
