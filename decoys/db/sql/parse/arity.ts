// Functions the grammar itself knows: a call with another count of arguments is a syntax error at the token that is too
// much or too little, not error 1582.
// Source: counts found by asking 9.7 for each function with every count.

const MANY = Number.POSITIVE_INFINITY;

type Count = readonly [number, number];

/** Fewest and most arguments, and the functions that take as many. */
const COUNTS: readonly (readonly [Count, string])[] = [
  [[0, 0], 'DATABASE SCHEMA ROW_COUNT USER SESSION_USER SYSTEM_USER CURRENT_USER CURDATE CURRENT_DATE UTC_DATE'],
  [[1, 1], 'ASCII CHARSET COLLATION DATE DAY HOUR MICROSECOND MINUTE MONTH QUARTER REVERSE SECOND TIME YEAR'],
  [[2, 2], 'LEFT MOD POINT REPEAT RIGHT TRUNCATE'],
  [[1, 2], 'LOG TIMESTAMP WEEK'],
  [[3, 3], 'IF REPLACE'],
  [[2, 3], 'FORMAT'],
  [[4, 4], 'INSERT'],
  [[1, MANY], 'COALESCE LINESTRING MULTILINESTRING MULTIPOINT MULTIPOLYGON POLYGON'],
];

const GRAMMAR_COUNTS: ReadonlyMap<string, Count> = new Map(
  COUNTS.flatMap(([count, names]) => names.split(' ').map((name): [string, Count] => [name, count])),
);

/** Functions whose one argument is a whole number as it stands: NOW(6). */
const PRECISIONS: ReadonlySet<string> = new Set([
  ...['CURRENT_TIME', 'CURRENT_TIMESTAMP', 'CURTIME', 'LOCALTIME', 'LOCALTIMESTAMP', 'NOW', 'SYSDATE', 'UTC_TIME'],
  'UTC_TIMESTAMP',
]);

/** Fewest and most arguments the grammar takes; undefined for functions it does not know. */
export function grammarCount(name: string): Count | undefined {
  return GRAMMAR_COUNTS.get(name);
}

/** Whether a function's only argument is a number of digits. */
export function takesPrecision(name: string): boolean {
  return PRECISIONS.has(name);
}
