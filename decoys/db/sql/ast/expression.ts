// What an expression is once parsed: literals, columns, operators, calls and windows. Names and strings are as the client meant them
// (decoded); positions are bytes of the statement.
import type { Query } from './query.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Expression =
  | ({ readonly kind: 'null' } & Span)
  | ({ readonly kind: 'boolean'; readonly value: boolean } & Span)
  | ({ readonly kind: 'number'; readonly form: 'integer' | 'decimal' | 'float'; readonly text: string } & Span)
  | ({ readonly kind: 'string'; readonly bytes: Buffer; readonly introducer: string; readonly first: string } & Span)
  | ({
      readonly kind: 'bytes';
      readonly bytes: Buffer;
      readonly form: 'hex' | 'bit';
      readonly introducer: string;
    } & Span)
  | ({ readonly kind: 'temporal'; readonly type: 'date' | 'time' | 'timestamp'; readonly text: string } & Span)
  | ({ readonly kind: 'parameter'; readonly index: number } & Span)
  | ({ readonly kind: 'column'; readonly path: readonly string[] } & Span)
  | ({ readonly kind: 'variable'; readonly name: string } & Span)
  | ({ readonly kind: 'assign'; readonly name: string; readonly value: Expression } & Span)
  | ({ readonly kind: 'system'; readonly scope: '' | 'global' | 'session' | 'persist'; readonly name: string } & Span)
  | ({ readonly kind: 'unary'; readonly operator: string; readonly operand: Expression } & Span)
  | ({
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    } & Span)
  | ({
      readonly kind: 'between';
      readonly not: boolean;
      readonly operand: Expression;
      readonly low: Expression;
      readonly high: Expression;
    } & Span)
  | ({
      readonly kind: 'in';
      readonly not: boolean;
      readonly operand: Expression;
      readonly list: readonly Expression[];
      /** The list holds literals alone, numbers and texts: whoever looks for anything else need not go through it. */
      readonly bare: boolean;
    } & Span)
  | ({ readonly kind: 'in-query'; readonly not: boolean; readonly operand: Expression; readonly query: Query } & Span)
  | ({
      readonly kind: 'compare-query';
      readonly operator: string;
      readonly all: boolean;
      readonly left: Expression;
      readonly query: Query;
    } & Span)
  | ({
      readonly kind: 'like';
      readonly not: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
      readonly escape: Expression | undefined;
    } & Span)
  | ({
      readonly kind: 'regexp';
      readonly not: boolean;
      readonly operand: Expression;
      readonly pattern: Expression;
    } & Span)
  | ({
      readonly kind: 'is';
      readonly not: boolean;
      readonly operand: Expression;
      readonly what: 'null' | 'true' | 'false' | 'unknown';
    } & Span)
  | ({
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly branches: readonly (readonly [Expression, Expression])[];
      readonly otherwise: Expression | undefined;
    } & Span)
  | ({
      readonly kind: 'cast';
      readonly operand: Expression;
      readonly type: CastType;
      /** What is cast and the whole of it as the statement has them, where messages show them: of decimals. */
      readonly source?: { readonly operand: string; readonly whole: string };
      /** AS … ARRAY, which only an index may hold. */
      readonly array?: boolean;
      /** The multi-valued index that keeps each element of the document as this type. */
      readonly elements?: string;
    } & Span)
  | ({ readonly kind: 'convert-charset'; readonly operand: Expression; readonly charset: string } & Span)
  | ({
      readonly kind: 'json-value';
      readonly operand: Expression;
      /** A text as it stands. */
      readonly path: string;
      readonly type: CastType;
      /** What to give where there is no value, and where it does not fit: NULL, an error, or an expression. */
      readonly onEmpty: 'null' | 'error' | Expression;
      readonly onError: 'null' | 'error' | Expression;
    } & Span)
  | ({ readonly kind: 'collate'; readonly operand: Expression; readonly collation: string } & Span)
  | ({ readonly kind: 'interval'; readonly amount: Expression; readonly unit: string } & Span)
  | ({
      readonly kind: 'call';
      readonly schema: string;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly nameStart: number;
    } & Span)
  | ({
      readonly kind: 'aggregate';
      readonly name: string;
      readonly distinct: boolean;
      readonly star: boolean;
      readonly args: readonly Expression[];
      readonly order: readonly OrderItem[];
      readonly separator: Buffer | undefined;
      readonly over: WindowSpec | undefined;
    } & Span)
  | ({
      readonly kind: 'window';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly over: WindowSpec;
    } & Span)
  | ({ readonly kind: 'grouping'; readonly args: readonly Expression[] } & Span)
  | ({ readonly kind: 'row'; readonly items: readonly Expression[] } & Span)
  | ({ readonly kind: 'subquery'; readonly query: Query } & Span)
  | ({ readonly kind: 'exists'; readonly query: Query } & Span)
  | ({ readonly kind: 'values'; readonly column: string } & Span)
  | ({ readonly kind: 'default'; readonly column: string; readonly owner?: string | undefined } & Span)
  | ({
      readonly kind: 'match';
      readonly columns: readonly Extract<Expression, { kind: 'column' }>[];
      readonly against: Expression;
      readonly mode: 'natural' | 'boolean' | 'expansion';
    } & Span);

/** One end of a window's frame, counted from the current row: before it below 0, after it above. */
export interface FrameBound {
  readonly kind: 'unbounded-preceding' | 'preceding' | 'current' | 'following' | 'unbounded-following';
  readonly amount: Expression | undefined;
}

export interface WindowFrame {
  readonly unit: 'rows' | 'range';
  readonly start: FrameBound;
  readonly end: FrameBound;
}

export interface WindowSpec {
  /** Window of the WINDOW clause this one is, or begins with. */
  readonly base: string;
  readonly partition: readonly Expression[];
  readonly order: readonly OrderItem[];
  readonly frame: WindowFrame | undefined;
  /** `OVER name`, not `OVER (name …)`: the window itself. */
  readonly bare?: boolean;
}

export interface CastType {
  readonly base:
    | 'signed'
    | 'unsigned'
    | 'char'
    | 'binary'
    | 'date'
    | 'time'
    | 'datetime'
    | 'decimal'
    | 'double'
    | 'float'
    | 'json'
    | 'year';
  readonly length: number | undefined;
  readonly decimals: number | undefined;
  readonly charset: string;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}
