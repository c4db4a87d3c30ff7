// Runs the body of a routine: its blocks, branches, loops, cursors and handlers. Every step costs the statement's fuel.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-compound-statements.html
import type { Expression } from '../../sql/ast/expression.ts';
import type { Flow } from '../../sql/ast/routine.ts';
import type { Statement } from '../../sql/ast/statement.ts';
import { compile } from '../../sql/compile.ts';
import { SqlError, sqlError } from '../../sql/errors.ts';
import type { Execution } from '../../sql/execution.ts';
import { type Node, Scope } from '../../sql/scope.ts';
import { compileQuery, compilerOf } from '../../sql/select.ts';
import type { Steps } from '../../sql/steps.ts';
import { compareValues, toBoolean, type Value } from '../../sql/value/value.ts';
import { STATUS } from '../../wire/constants.ts';
import type { Outcome, RowsOutcome } from '../outcome.ts';
import { keepsWarnings, leavesAffected } from '../statement-kinds.ts';
import {
  type Block,
  type Cursor,
  cursorNamed,
  ENDS_BODY,
  type Found,
  type Frame,
  fetchRow,
  handlerOf,
  noData,
} from './frame.ts';
import { Locals } from './locals.ts';

/** Steps of fuel one statement of a body costs beyond what it does. */
const FLOW_STEPS = 16;
/** Steps a statement of the body costs on top of that: it is compiled again each time. */
const STATEMENT_STEPS = 60;
/** Result sets one call gives at most; a body that makes more is stopped as a slow one is. */
const MAX_RESULTS = 256;

/** Why a list of statements was left before its end. */
type Exit =
  | { readonly kind: 'leave' | 'iterate'; readonly label: string }
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'block'; readonly block: Block };

/** What a body's run gives: its results so far, and what the last statement affected. */
export interface BodyResult {
  readonly before: RowsOutcome[];
  affected: bigint | undefined;
  returned: Value | undefined;
}

export class BodyRun {
  readonly #x: Execution;
  readonly #run: (statement: Statement) => Steps<Outcome>;
  /** Whether its queries may send rows; undefined names what may not. */
  readonly #silent: string | undefined;
  #frame: Frame | undefined;
  readonly result: BodyResult = { before: [], affected: undefined, returned: undefined };

  /** Warnings there were before it. */
  readonly #warningsBefore: number;

  constructor(x: Execution, run: (statement: Statement) => Steps<Outcome>, silent: string | undefined) {
    this.#x = x;
    this.#run = run;
    this.#silent = silent;
    this.#warningsBefore = x.session.warnings.length;
  }

  /** Runs the whole body. Throws what it does not handle itself. */
  *body(flow: Flow): Steps<void> {
    const exit = yield* this.#flow(flow);
    if (exit?.kind === 'return') this.result.returned = exit.value;
  }

  /** Expressions of the body, compiled when first met. */
  readonly #nodes = new Map<Expression, Node>();

  #value(e: Expression): Value {
    let node = this.#nodes.get(e);
    if (!node) {
      node = compile(compilerOf(this.#x), e, new Scope([], undefined));
      if (node.row) throw sqlError('ER_OPERAND_COLUMNS', 1);
      this.#nodes.set(e, node);
    }
    return node.get({ values: [] });
  }

  /** SET of the routine's own variables, which is most of what bodies do; false where it sets anything else. */
  #setLocals(statement: Extract<Statement, { kind: 'set' }>): boolean {
    const targets = statement.items.map((item) =>
      item.kind === 'system' && item.scope === '' ? this.#x.names?.find(item.name.split('.')) : undefined,
    );
    if (targets.includes(undefined)) return false;
    for (const [at, item] of statement.items.entries())
      if (item.kind === 'system') targets[at]?.set(item.value ? this.#value(item.value) : null);
    return true;
  }

  #true(e: Expression): boolean {
    return toBoolean(this.#value(e)) === true;
  }

  *#list(flows: readonly Flow[]): Steps<Exit | undefined> {
    for (const flow of flows) {
      const exit = yield* this.#flow(flow);
      if (exit) return exit;
    }
    return undefined;
  }

  *#flow(flow: Flow): Steps<Exit | undefined> {
    this.#x.spend(FLOW_STEPS);
    if (this.#x.turnIsOver) yield;
    try {
      return yield* this.#step(flow);
    } catch (error) {
      if (!(error instanceof SqlError) || ENDS_BODY.has(error.code)) throw error;
      return yield* this.#handle(error);
    }
  }

  *#step(flow: Flow): Steps<Exit | undefined> {
    switch (flow.kind) {
      case 'statement':
        return yield* this.#statement(flow.statement);
      case 'block':
        return yield* this.#block(flow);
      case 'if': {
        const found = flow.branches.find(([condition]) => this.#true(condition));
        return yield* this.#list(found ? found[1] : flow.otherwise);
      }
      case 'case':
        return yield* this.#case(flow);
      case 'loop':
        return yield* this.#loop(flow.label, flow.body, () => true, undefined);
      case 'while':
        return yield* this.#loop(flow.label, flow.body, () => this.#true(flow.condition), undefined);
      case 'repeat':
        return yield* this.#loop(flow.label, flow.body, () => true, flow.until);
      case 'leave':
      case 'iterate':
        return flow;
      case 'return':
        // What statements before warned of stays inside the function.
        this.#x.session.dropWarnings(this.#warningsBefore);
        return { kind: 'return', value: this.#value(flow.value) };
      case 'open':
        return yield* this.#open(flow.cursor);
      case 'close':
        this.#opened(flow.cursor).rows = undefined;
        return undefined;
      default:
        return this.#fetch(flow.cursor, flow.into);
    }
  }

  *#case(flow: Extract<Flow, { kind: 'case' }>): Steps<Exit | undefined> {
    const operand = flow.operand ? this.#value(flow.operand) : undefined;
    const collation = this.#x.session.connectionCollation();
    const found = flow.branches.find(([when]) =>
      operand === undefined ? this.#true(when) : compareValues(operand, this.#value(when), collation) === 0,
    );
    if (found) return yield* this.#list(found[1]);
    if (!flow.otherwise) throw sqlError('ER_SP_CASE_NOT_FOUND');
    return yield* this.#list(flow.otherwise);
  }

  *#loop(
    label: string,
    body: readonly Flow[],
    goesOn: () => boolean,
    until: Expression | undefined,
  ): Steps<Exit | undefined> {
    const own = label.toLowerCase();
    while (goesOn()) {
      this.#x.spend(FLOW_STEPS);
      const exit = yield* this.#list(body);
      if (exit && !(exit.kind === 'iterate' && exit.label === own))
        return exit.kind === 'leave' && exit.label === own ? undefined : exit;
      if (until && this.#true(until)) return undefined;
    }
    return undefined;
  }

  *#block(block: Block): Steps<Exit | undefined> {
    const [names, frame] = [this.#x.names, this.#frame];
    const locals = new Locals(this.#x, names);
    this.#x.names = locals;
    this.#frame = {
      block,
      cursors: new Map([...block.cursors].map(([name, query]) => [name, { query, rows: undefined, at: 0 }])),
      outer: frame,
    };
    try {
      for (const { name, type, fallback } of block.locals)
        locals.declare(name, type, fallback ? this.#value(fallback) : null);
      const exit = yield* this.#list(block.body);
      if (exit?.kind === 'block' && exit.block === block) return undefined;
      return exit?.kind === 'leave' && exit.label === block.label.toLowerCase() && block.label !== ''
        ? undefined
        : exit;
    } finally {
      this.#x.names = names;
      this.#frame = frame;
    }
  }

  *#statement(statement: Statement): Steps<Exit | undefined> {
    const { session } = this.#x;
    if (!keepsWarnings(statement)) session.clearWarnings();
    if (statement.kind === 'set' && this.#setLocals(statement)) return yield* this.#warned();
    this.#x.spend(STATEMENT_STEPS);
    const { budget } = this.#x;
    const { room } = budget;
    const outcome = yield* this.#run(statement);
    if (outcome.kind === 'ok' && !outcome.before?.length) budget.letGo(room);
    if (!leavesAffected(statement)) session.rowCount = outcome.kind === 'ok' ? (outcome.affected ?? 0n) : -1n;
    if (outcome.kind === 'rows') this.#keep(outcome);
    else {
      for (const rows of outcome.before ?? []) this.#keep(rows);
      if (!leavesAffected(statement)) this.result.affected = outcome.affected;
    }
    if (outcome.error) throw outcome.error;
    const fetched = statement.kind === 'query' && statement.query.into?.kind === 'variables';
    if (fetched && outcome.kind === 'ok' && outcome.affected === 0n && handlerOf(this.#frame, noData())) {
      session.clearWarnings();
      return yield* this.#handle(noData());
    }
    return yield* this.#warned();
  }

  /** Enters the handler the warnings of a statement meet, if they meet one. */
  *#warned(): Steps<Exit | undefined> {
    const { warnings } = this.#x.session;
    if (warnings.length === 0) return undefined;
    const met = warnings.findLast((warning) => warning.level === 'Warning' && handlerOf(this.#frame, warning));
    const found = met && handlerOf(this.#frame, met);
    return found ? yield* this.#enter(found) : undefined;
  }

  #keep(rows: RowsOutcome): void {
    if (this.#silent !== undefined) throw sqlError('ER_SP_NO_RETSET', this.#silent);
    if (this.result.before.length >= MAX_RESULTS) throw sqlError('ER_QUERY_TIMEOUT');
    const flags = (rows.flags ?? 0) | this.#x.statusFlags;
    this.result.before.push(rows.error ? { ...rows, rows: [] } : { ...rows, flags });
    this.result.affected = undefined;
    if (rows.error) {
      this.result.before.pop();
      throw rows.error;
    }
  }

  #opened(name: string): Cursor {
    const cursor = cursorNamed(this.#frame, name);
    if (!cursor.rows) throw sqlError('ER_SP_CURSOR_NOT_OPEN');
    return cursor;
  }

  *#open(name: string): Steps<undefined> {
    const cursor = cursorNamed(this.#frame, name);
    if (cursor.rows) throw sqlError('ER_SP_CURSOR_ALREADY_OPEN');
    cursor.rows = yield* compileQuery(compilerOf(this.#x), cursor.query, undefined).steps(undefined);
    this.#x.statusFlags |= STATUS.CURSOR_EXISTS;
    cursor.at = 0;
    return undefined;
  }

  #fetch(name: string, into: readonly string[]): undefined {
    fetchRow(this.#x, this.#opened(name), into);
    return undefined;
  }

  /** Runs the handler an error meets, standing where it was declared; throws the error on where it meets none. */
  *#handle(error: SqlError): Steps<Exit | undefined> {
    const { session } = this.#x;
    session.rowCount = -1n;
    this.result.affected = undefined;
    const found = handlerOf(this.#frame, error);
    if (!found) throw error;
    const { code, message, sqlstate, items } = error;
    session.addCondition({ level: 'Error', code, message, sqlstate, items });
    return yield* this.#enter(found);
  }

  *#enter({ handler, frame: declared }: Found): Steps<Exit | undefined> {
    const { session } = this.#x;
    const [frame, handled] = [this.#frame, this.#x.handled];
    // A handler is outside its own block: its errors go to the blocks around that.
    this.#frame = declared.outer;
    this.#x.handled = [...session.warnings];
    try {
      const exit = yield* this.#flow(handler.body);
      session.clearWarnings();
      if (exit) return exit;
    } finally {
      this.#frame = frame;
      this.#x.handled = handled;
    }
    return handler.exits ? { kind: 'block', block: declared.block } : undefined;
  }
}
