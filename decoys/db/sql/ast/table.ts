// A table as its definition gives it: columns, keys, constraints, partitions and options.
import type { Temporal } from '../value/temporal.ts';
import type { Expression } from './expression.ts';

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

export interface ColumnType {
  /** Lower-case MySQL name without arguments: int, varchar, decimal, enum … */
  readonly name: string;
  readonly length: number | undefined;
  readonly decimals: number | undefined;
  readonly unsigned: boolean;
  readonly zerofill: boolean;
  readonly values: readonly string[];
  readonly charset: string;
  readonly collation: string;
}

/** What a generated column is worked out from. */
export interface Generation {
  readonly expression: Expression;
  readonly stored: boolean;
}

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean | undefined;
  readonly fallback: Expression | undefined;
  /** The default was written in parentheses. */
  readonly computed: boolean;
  /** DROP DEFAULT left it without any, not even NULL. */
  readonly bare?: boolean;
  readonly generated: Generation | undefined;
  readonly invisible: boolean;
  /** Its default has been fitted to its type once, with what was to be told of that. */
  readonly settled?: boolean;
  /** The literal default of a TIMESTAMP in UTC, once it has been fitted. */
  readonly moment?: Temporal | undefined;
  /** Its character set is that of the table as it was, never said of the column itself. */
  readonly inherited?: boolean;
  readonly onUpdateNow: boolean;
  readonly autoIncrement: boolean;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly comment: string;
  /** COLUMN_FORMAT and STORAGE, upper case; empty where not given. */
  readonly format: string;
  readonly storage: string;
  readonly srid: number | undefined;
}

export interface KeyPart {
  /** Empty for an expression. */
  readonly name: string;
  readonly length: number | undefined;
  readonly descending?: boolean;
  readonly expression?: Expression;
}

export interface IndexSpec {
  readonly kind: 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial';
  readonly name: string;
  readonly columns: readonly KeyPart[];
  /** BTREE or HASH as written. */
  readonly using?: string;
  readonly comment?: string;
  readonly invisible?: boolean;
  /** WITH PARSER's name. */
  readonly parser?: string;
  readonly blockSize?: number;
  /** Made by the server for a foreign key, which a client's own index takes the place of. */
  readonly implied?: boolean;
}

export type ReferenceAction = 'RESTRICT' | 'CASCADE' | 'SET NULL' | 'NO ACTION' | 'SET DEFAULT';

export interface ForeignKeySpec {
  readonly name: string;
  /** The index it may name. */
  readonly index: string;
  readonly columns: readonly string[];
  readonly table: TableName;
  readonly referenced: readonly string[];
  readonly onDelete: ReferenceAction | undefined;
  readonly onUpdate: ReferenceAction | undefined;
}

export interface CheckSpec {
  readonly name: string;
  readonly expression: Expression;
  readonly enforced: boolean;
  /** The column it was written behind. */
  readonly column: string | undefined;
}

/** A bound of a partition: an expression, or MAXVALUE. */
export type PartitionBound = Expression | 'MAXVALUE';

export interface PartitionSpec {
  readonly name: string;
  readonly lessThan: readonly PartitionBound[] | undefined;
  readonly oneOf: readonly (readonly PartitionBound[])[] | undefined;
  readonly comment: string;
  readonly subpartitions: readonly string[];
}

export interface PartitionRule {
  readonly method: 'RANGE' | 'LIST' | 'HASH' | 'KEY';
  readonly linear: boolean;
  /** Columns of RANGE COLUMNS, LIST COLUMNS and KEY. */
  readonly columns: readonly string[] | undefined;
  readonly expression: Expression | undefined;
  readonly algorithm: number | undefined;
}

export interface Partitioning extends PartitionRule {
  readonly count: number | undefined;
  readonly sub: (PartitionRule & { readonly count: number | undefined }) | undefined;
  readonly partitions: readonly PartitionSpec[];
}

/** Options of a table that SHOW CREATE TABLE tells again. */
export interface TableOptions {
  engine: string;
  charset: string;
  collation: string;
  comment: string;
  autoIncrement: number;
  /** ROW_FORMAT, MAX_ROWS and the rest, by upper-case name; DEFAULT takes one away. */
  readonly others: Map<string, string>;
}

/** What a list in parentheses defines. */
export interface TableParts {
  readonly columns: ColumnSpec[];
  readonly indexes: IndexSpec[];
  readonly foreignKeys: ForeignKeySpec[];
  readonly checks: CheckSpec[];
}
