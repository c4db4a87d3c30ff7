// The shapes a parsed statement has. Names and strings are as the client meant them (decoded); positions are bytes of the statement.

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
  | ({ readonly kind: 'cast'; readonly operand: Expression; readonly type: CastType } & Span)
  | ({ readonly kind: 'convert-charset'; readonly operand: Expression; readonly charset: string } & Span)
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
  | ({ readonly kind: 'default'; readonly column: string } & Span)
  | ({ readonly kind: 'match'; readonly columns: readonly Expression[]; readonly against: Expression } & Span);

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

export interface SelectItem {
  readonly expression: Expression | undefined;
  /** `*` or `t.*`; then `expression` is undefined. */
  readonly star: readonly string[] | undefined;
  readonly alias: string | undefined;
  /** The text of the expression, which names the column where there is no alias. */
  readonly text: string;
}

export type TableRef =
  | {
      readonly kind: 'table';
      readonly schema: string;
      readonly name: string;
      readonly alias: string;
      readonly start: number;
    }
  | {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias: string;
      readonly columns: readonly string[];
      readonly lateral: boolean;
    }
  | {
      readonly kind: 'json-table';
      readonly document: Expression;
      readonly path: string;
      readonly columns: readonly JsonTableColumn[];
      readonly alias: string;
    }
  | {
      readonly kind: 'join';
      readonly type: 'inner' | 'left' | 'right';
      readonly natural: boolean;
      readonly left: TableRef;
      readonly right: TableRef;
      readonly on: Expression | undefined;
      readonly using: readonly string[];
    };

export type JsonTableColumn =
  | { readonly kind: 'ordinality'; readonly name: string }
  | { readonly kind: 'exists'; readonly name: string; readonly path: string }
  | {
      readonly kind: 'path';
      readonly name: string;
      readonly type: ColumnType;
      readonly path: string;
      /** JSON text of DEFAULT … ON EMPTY. */
      readonly onEmpty: string | undefined;
    }
  | { readonly kind: 'nested'; readonly path: string; readonly columns: readonly JsonTableColumn[] };

export interface Into {
  readonly kind: 'outfile' | 'dumpfile' | 'variables';
  readonly file: string;
  readonly names: readonly string[];
  /** Which of the names are a routine's own variables rather than the user's. */
  readonly local: readonly boolean[];
}

export interface Limit {
  readonly count: Expression;
  readonly offset: Expression | undefined;
}

export interface SelectCore {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly calcFoundRows: boolean;
  readonly items: readonly SelectItem[];
  readonly from: TableRef | undefined;
  readonly where: Expression | undefined;
  readonly group: readonly Expression[];
  readonly rollup: boolean;
  readonly having: Expression | undefined;
  /** WINDOW's names, in lower case. */
  readonly windows: ReadonlyMap<string, WindowSpec>;
}

export type QueryBody =
  | SelectCore
  | { readonly kind: 'values'; readonly rows: readonly (readonly Expression[])[] }
  | { readonly kind: 'table'; readonly schema: string; readonly name: string }
  | {
      readonly kind: 'set';
      readonly operator: 'union' | 'except' | 'intersect';
      readonly all: boolean;
      readonly left: Query;
      readonly right: Query;
    };

export interface CommonTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly query: Query;
}

export interface Query {
  readonly body: QueryBody;
  readonly order: readonly OrderItem[];
  readonly limit: Limit | undefined;
  readonly into: Into | undefined;
  readonly with: readonly CommonTable[];
  readonly recursive: boolean;
  readonly locking: boolean;
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

export interface ColumnSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean | undefined;
  readonly fallback: Expression | undefined;
  readonly onUpdateNow: boolean;
  readonly autoIncrement: boolean;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly comment: string;
}

export interface IndexSpec {
  readonly kind: 'primary' | 'unique' | 'index' | 'fulltext' | 'spatial';
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly length: number | undefined }[];
}

export interface AccountName {
  readonly user: string;
  readonly host: string;
  /** CURRENT_USER was written instead of a name. */
  readonly current: boolean;
}

export interface AccountSpec {
  readonly account: AccountName;
  readonly plugin: string;
  /** Clear password of IDENTIFIED BY; undefined where none was given. */
  readonly password: string | undefined;
  readonly hash: string | undefined;
  readonly random: boolean;
}

export interface Assignment {
  readonly column: readonly string[];
  readonly value: Expression | undefined;
}

export type SetItem =
  | { readonly kind: 'user'; readonly name: string; readonly value: Expression }
  | {
      readonly kind: 'system';
      readonly scope: '' | 'global' | 'session' | 'persist' | 'persist_only';
      readonly name: string;
      readonly value: Expression | undefined;
    }
  | { readonly kind: 'names'; readonly charset: string | undefined; readonly collation: string }
  | { readonly kind: 'charset'; readonly charset: string | undefined }
  | {
      readonly kind: 'transaction';
      readonly scope: '' | 'global' | 'session';
      readonly isolation: string;
      readonly readOnly: boolean | undefined;
    };

export type AlterAction =
  | {
      readonly kind: 'add-column';
      readonly column: ColumnSpec;
      readonly after: string | undefined;
      readonly first: boolean;
    }
  | { readonly kind: 'drop-column'; readonly name: string }
  | { readonly kind: 'change-column'; readonly from: string; readonly column: ColumnSpec }
  | { readonly kind: 'rename-column'; readonly from: string; readonly to: string }
  | { readonly kind: 'add-index'; readonly index: IndexSpec }
  | { readonly kind: 'drop-index'; readonly name: string }
  | { readonly kind: 'rename'; readonly schema: string; readonly name: string }
  | { readonly kind: 'options' };

export interface TableName {
  readonly schema: string;
  readonly name: string;
}

export interface ShowFilter {
  readonly like: string | undefined;
  readonly where: Expression | undefined;
}

/** Statements that change nothing we keep and are answered by a row of the administration table. */
export interface Administration {
  readonly kind: 'administration';
  readonly what: string;
  readonly tables: readonly TableName[];
  readonly text: string;
  readonly names: readonly string[];
}

export type Condition =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'state'; readonly state: string }
  | { readonly kind: 'class'; readonly name: 'SQLWARNING' | 'NOT FOUND' | 'SQLEXCEPTION' }
  | { readonly kind: 'named'; readonly name: string };

export interface HandlerSpec {
  /** EXIT leaves the block it stands in, CONTINUE goes on after the statement. */
  readonly exits: boolean;
  readonly conditions: readonly Condition[];
  readonly body: Flow;
}

export interface LocalSpec {
  readonly name: string;
  readonly type: ColumnType;
  readonly fallback: Expression | undefined;
}

/** A statement of a routine's body. */
export type Flow =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | {
      readonly kind: 'block';
      readonly label: string;
      readonly locals: readonly LocalSpec[];
      readonly conditions: ReadonlyMap<string, Condition>;
      readonly cursors: ReadonlyMap<string, Query>;
      readonly handlers: readonly HandlerSpec[];
      readonly body: readonly Flow[];
    }
  | {
      readonly kind: 'if';
      readonly branches: readonly (readonly [Expression, readonly Flow[]])[];
      readonly otherwise: readonly Flow[];
    }
  | {
      readonly kind: 'case';
      readonly operand: Expression | undefined;
      readonly branches: readonly (readonly [Expression, readonly Flow[]])[];
      readonly otherwise: readonly Flow[] | undefined;
    }
  | { readonly kind: 'loop'; readonly label: string; readonly body: readonly Flow[] }
  | { readonly kind: 'while'; readonly label: string; readonly condition: Expression; readonly body: readonly Flow[] }
  | { readonly kind: 'repeat'; readonly label: string; readonly until: Expression; readonly body: readonly Flow[] }
  | { readonly kind: 'leave' | 'iterate'; readonly label: string }
  | { readonly kind: 'return'; readonly value: Expression }
  | { readonly kind: 'open' | 'close'; readonly cursor: string }
  | { readonly kind: 'fetch'; readonly cursor: string; readonly into: readonly string[] };

export interface RoutineParameter {
  readonly mode: 'in' | 'out' | 'inout';
  readonly name: string;
  readonly type: ColumnType;
}

/** What a trigger waits for. */
export interface TriggerMoment {
  readonly timing: 'BEFORE' | 'AFTER';
  readonly event: 'INSERT' | 'UPDATE' | 'DELETE';
}

export interface SignalItem {
  readonly name: string;
  readonly value: Expression;
}

export interface DiagnosticItem {
  readonly target: string;
  /** A user variable; otherwise a routine's own. */
  readonly variable: boolean;
  readonly name: string;
}

export type RoutineType = 'FUNCTION' | 'PROCEDURE' | 'TRIGGER' | 'EVENT';

/** A warning the grammar itself gives, before anything runs. */
export interface Told {
  readonly code: number;
  readonly message: string;
}

export type Statement = StatementBody & { readonly told?: readonly Told[] };

type StatementBody =
  | {
      readonly kind: 'signal';
      readonly state: string;
      readonly condition: string;
      readonly items: readonly SignalItem[];
    }
  | {
      readonly kind: 'resignal';
      readonly state: string;
      readonly condition: string;
      readonly items: readonly SignalItem[];
    }
  | {
      readonly kind: 'get-diagnostics';
      readonly condition: Expression | undefined;
      readonly items: readonly DiagnosticItem[];
    }
  | { readonly kind: 'handler-open'; readonly table: TableName; readonly alias: string }
  | { readonly kind: 'handler-close'; readonly name: string }
  | {
      readonly kind: 'handler-read';
      readonly name: string;
      readonly index: string;
      readonly step: 'FIRST' | 'NEXT' | 'PREV' | 'LAST' | 'KEY';
      readonly operator: string;
      readonly keys: readonly Expression[];
      readonly where: Expression | undefined;
      readonly limit: Limit | undefined;
    }
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'explain';
      readonly statement: Statement;
      /** Empty: what @@explain_format says. */
      readonly format: string;
      readonly analyze: boolean;
    }
  | { readonly kind: 'set'; readonly items: readonly SetItem[] }
  | { readonly kind: 'set-password'; readonly account: AccountName | undefined; readonly password: string }
  | { readonly kind: 'use'; readonly schema: string }
  | {
      readonly kind: 'show';
      readonly what: string;
      readonly full: boolean;
      readonly scope: '' | 'global' | 'session';
      readonly table: TableName | undefined;
      readonly schema: string;
      readonly name: string;
      readonly account: AccountName | undefined;
      readonly filter: ShowFilter;
      readonly limit: Limit | undefined;
      readonly ifNotExists: boolean;
    }
  | {
      readonly kind: 'create-database';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly charset: string;
      readonly collation: string;
    }
  | { readonly kind: 'alter-database'; readonly name: string; readonly charset: string; readonly collation: string }
  | { readonly kind: 'drop-database'; readonly name: string; readonly ifExists: boolean }
  | {
      readonly kind: 'create-table';
      readonly table: TableName;
      readonly ifNotExists: boolean;
      readonly temporary: boolean;
      readonly columns: readonly ColumnSpec[];
      readonly indexes: readonly IndexSpec[];
      readonly like: TableName | undefined;
      readonly query: Query | undefined;
      readonly engine: string;
      readonly charset: string;
      readonly collation: string;
      readonly comment: string;
      readonly autoIncrement: number;
    }
  | { readonly kind: 'create-index'; readonly table: TableName; readonly index: IndexSpec }
  | { readonly kind: 'drop-index'; readonly table: TableName; readonly name: string }
  | { readonly kind: 'alter-table'; readonly table: TableName; readonly actions: readonly AlterAction[] }
  | {
      readonly kind: 'drop-table';
      readonly tables: readonly TableName[];
      readonly ifExists: boolean;
      readonly view: boolean;
      readonly temporary: boolean;
    }
  | { readonly kind: 'truncate'; readonly table: TableName }
  | { readonly kind: 'rename-table'; readonly pairs: readonly (readonly [TableName, TableName])[] }
  | {
      readonly kind: 'create-view';
      readonly view: TableName;
      readonly query: Query;
      readonly columns: readonly string[];
      readonly replace: boolean;
      readonly text: string;
    }
  | {
      readonly kind: 'insert';
      readonly table: TableName;
      readonly replace: boolean;
      readonly ignore: boolean;
      readonly columns: readonly string[] | undefined;
      readonly rows: readonly (readonly (Expression | undefined)[])[] | undefined;
      readonly query: Query | undefined;
      readonly update: readonly Assignment[];
    }
  | {
      readonly kind: 'update';
      readonly table: TableName;
      readonly alias: string;
      readonly from: TableRef;
      readonly assignments: readonly Assignment[];
      readonly where: Expression | undefined;
      readonly order: readonly OrderItem[];
      readonly limit: Limit | undefined;
    }
  | {
      readonly kind: 'delete';
      readonly table: TableName;
      readonly alias: string;
      readonly from: TableRef;
      readonly where: Expression | undefined;
      readonly order: readonly OrderItem[];
      readonly limit: Limit | undefined;
    }
  | { readonly kind: 'load-data'; readonly local: boolean; readonly file: string; readonly table: TableName }
  | {
      readonly kind: 'create-user';
      readonly users: readonly AccountSpec[];
      readonly ifNotExists: boolean;
      readonly role: boolean;
    }
  | { readonly kind: 'alter-user'; readonly users: readonly AccountSpec[]; readonly ifExists: boolean }
  | {
      readonly kind: 'drop-user';
      readonly users: readonly AccountName[];
      readonly ifExists: boolean;
      readonly role: boolean;
    }
  | { readonly kind: 'rename-user'; readonly pairs: readonly (readonly [AccountName, AccountName])[] }
  | {
      readonly kind: 'grant';
      readonly privileges: readonly string[];
      readonly level: string;
      readonly users: readonly AccountName[];
      readonly option: boolean;
      readonly revoke: boolean;
      /** REVOKE ALL PRIVILEGES, GRANT OPTION: at every level. */
      readonly everything?: boolean;
      readonly roles: readonly AccountName[];
    }
  | { readonly kind: 'begin'; readonly readOnly: boolean; readonly snapshot: boolean }
  | { readonly kind: 'commit'; readonly chain: boolean }
  | { readonly kind: 'rollback'; readonly to: string; readonly chain: boolean }
  | { readonly kind: 'savepoint'; readonly name: string; readonly release: boolean }
  | {
      readonly kind: 'create-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly ifNotExists: boolean;
      readonly text: string;
      readonly body: string;
      readonly parameters: readonly RoutineParameter[];
      readonly returns: ColumnType | undefined;
      readonly moment: TriggerMoment | undefined;
      /** False for a function not declared fit for the binary log. */
      readonly safe: boolean;
      readonly table: TableName | undefined;
    }
  | {
      readonly kind: 'drop-routine';
      readonly type: RoutineType;
      readonly name: TableName;
      readonly ifExists: boolean;
    }
  | {
      readonly kind: 'create-udf';
      readonly name: string;
      readonly library: string;
      readonly ifNotExists: boolean;
      readonly aggregate: boolean;
      readonly returns: string;
    }
  | { readonly kind: 'install-plugin'; readonly name: string; readonly library: string }
  | { readonly kind: 'uninstall-plugin'; readonly name: string }
  | { readonly kind: 'install-component'; readonly urns: readonly string[]; readonly uninstall: boolean }
  | { readonly kind: 'call'; readonly name: TableName; readonly args: readonly Expression[] }
  | { readonly kind: 'do'; readonly expressions: readonly Expression[] }
  | { readonly kind: 'prepare'; readonly name: string; readonly from: Expression }
  | { readonly kind: 'execute'; readonly name: string; readonly using: readonly string[] }
  | { readonly kind: 'deallocate'; readonly name: string }
  | { readonly kind: 'kill'; readonly explains?: boolean; readonly query: boolean; readonly id: Expression }
  | { readonly kind: 'lock-tables'; readonly tables: readonly TableName[] }
  | { readonly kind: 'unlock-tables' }
  | { readonly kind: 'flush'; readonly what: readonly string[]; readonly tables: readonly TableName[] }
  | {
      readonly kind: 'table-maintenance';
      readonly operation: 'check' | 'analyze' | 'optimize' | 'repair' | 'checksum';
      readonly tables: readonly TableName[];
    }
  | { readonly kind: 'shutdown'; readonly restart: boolean }
  | { readonly kind: 'empty' }
  | Administration;
