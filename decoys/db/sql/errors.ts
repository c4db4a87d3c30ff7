// MySQL's errors: number, SQLSTATE and text of each one this decoy can answer, with its arguments set in.
// Source: https://dev.mysql.com/doc/mysql-errors/9.7/en/server-error-reference.html, texts as recorded from 9.7.4.
import { ERRORS_1000 } from './error-table-1000.ts';
import { ERRORS_1300 } from './error-table-1300.ts';
import { ERRORS_3000 } from './error-table-3000.ts';
import { DEFINITION_ERRORS } from './error-table-definition.ts';
import { ERRORS_SPATIAL } from './error-table-spatial.ts';

const ERRORS = { ...ERRORS_1000, ...ERRORS_1300, ...ERRORS_3000, ...ERRORS_SPATIAL, ...DEFINITION_ERRORS };

export type ErrorName = keyof typeof ERRORS;

/** An error MySQL would answer; the only thing the interpreter throws on purpose. */
export class SqlError extends Error {
  readonly code: number;
  readonly sqlstate: string;
  /** What SIGNAL set of it beside these, by item. */
  readonly items: ReadonlyMap<string, string> | undefined;

  /** Without a stack: nobody reads it, it takes longer than all the rest, and it would keep all that the functions in it worked on for as long as the error is kept. */
  constructor(code: number, sqlstate: string, message: string, items?: ReadonlyMap<string, string>) {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = limit;
    this.name = 'SqlError';
    this.code = code;
    this.sqlstate = sqlstate;
    this.items = items;
  }
}

/** Longest text of an argument in a message; MySQL's own formats cut names alike. */
const ARGUMENT_CHARACTERS = 400;

/** An argument as the server's C strings show it: up to a NUL. */
function shownArgument(text: string): string {
  const end = text.indexOf('\0');
  return text.slice(0, end < 0 ? ARGUMENT_CHARACTERS : Math.min(end, ARGUMENT_CHARACTERS));
}

/** The text of the error of that name, each %s with the next argument, cut to 400 characters. */
export function errorText(name: ErrorName, ...args: readonly (string | number | bigint)[]): string {
  let at = 0;
  return ERRORS[name][2].replace(/%s/g, () => shownArgument(String(args[at++] ?? '')));
}

// Deep nesting would copy long stacks.
Error.stackTraceLimit = 5;

/** The error of that name with its arguments set in. */
export function sqlError(name: ErrorName, ...args: readonly (string | number | bigint)[]): SqlError {
  const [code, sqlstate] = ERRORS[name];
  return new SqlError(code, sqlstate, errorText(name, ...args));
}

let states: ReadonlyMap<number, string> | undefined;

/** SQLSTATE of an error's code; HY000 where the code is none of ours. */
export function sqlstateOf(code: number): string {
  states ??= new Map(Object.values(ERRORS).map(([number, state]) => [number, state]));
  return states.get(code) ?? 'HY000';
}

/** The number of the error of that name. */
export function errorCode(name: ErrorName): number {
  return ERRORS[name][0];
}
