// Keywords: which words the grammar reserves, and which function names it treats apart.
// Source: INFORMATION_SCHEMA.KEYWORDS of 9.7 (in the persona's data) and sql/lex.h's function list.
import { systemRows } from '../../persona/system-tables.ts';

let reserved: Set<string> | undefined;
let keywords: Set<string> | undefined;

function load(): void {
  keywords = new Set();
  reserved = new Set();
  for (const [word, isReserved] of systemRows('information_schema.KEYWORDS')) {
    keywords.add(word as string);
    if (isReserved === '1') reserved.add(word as string);
  }
}

/** Whether a word, in upper case, names nothing without backticks. */
export function isReserved(word: string): boolean {
  if (!reserved) load();
  return reserved?.has(word) ?? false;
}

/** Whether a word, in upper case, is one of the grammar's. */
export function isKeyword(word: string): boolean {
  if (!keywords) load();
  return keywords?.has(word) ?? false;
}

/** Names that are functions only where `(` follows at once. */
export const ADJACENT_FUNCTIONS: ReadonlySet<string> = new Set(
  'ADDDATE BIT_AND BIT_OR BIT_XOR CAST COUNT CURDATE CURTIME DATE_ADD DATE_SUB EXTRACT GROUP_CONCAT JSON_ARRAYAGG JSON_OBJECTAGG MAX MID MIN NOW POSITION SESSION_USER STD STDDEV STDDEV_POP STDDEV_SAMP SUBDATE SUBSTR SUBSTRING SUM SYSDATE SYSTEM_USER TRIM VARIANCE VAR_POP VAR_SAMP AVG'.split(
    ' ',
  ),
);

/** Keywords that may still be called like functions. */
export const CALLABLE_KEYWORDS: ReadonlySet<string> = new Set(
  'ASCII CHAR CHARSET COALESCE COLLATION DATABASE DATE DAY FORMAT GEOMETRYCOLLECTION GET_FORMAT HOUR IF INSERT INTERVAL LEFT LINESTRING MICROSECOND MINUTE MOD MONTH MULTILINESTRING MULTIPOINT MULTIPOLYGON POINT POLYGON QUARTER REPEAT REPLACE REVERSE RIGHT ROW_COUNT SCHEMA SECOND TIME TIMESTAMP TIMESTAMPADD TIMESTAMPDIFF TRUNCATE USER UTC_DATE UTC_TIME UTC_TIMESTAMP VALUES WEEK LOG WEIGHT_STRING YEAR CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP LOCALTIME LOCALTIMESTAMP CURRENT_USER CURRENT_ROLE JSON_VALUE ST_COLLECT'.split(
    ' ',
  ),
);

/** Functions that need no parentheses. */
export const BARE_FUNCTIONS: ReadonlySet<string> = new Set(
  'CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER LOCALTIME LOCALTIMESTAMP UTC_DATE UTC_TIME UTC_TIMESTAMP'.split(
    ' ',
  ),
);

export const AGGREGATES: ReadonlySet<string> = new Set(
  'COUNT SUM AVG MIN MAX GROUP_CONCAT BIT_AND BIT_OR BIT_XOR STD STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP JSON_ARRAYAGG JSON_OBJECTAGG ANY_VALUE'.split(
    ' ',
  ),
);

export const WINDOW_FUNCTIONS: ReadonlySet<string> = new Set(
  'ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD FIRST_VALUE LAST_VALUE NTH_VALUE'.split(' '),
);

export const INTERVAL_UNITS: ReadonlySet<string> = new Set(
  'MICROSECOND SECOND MINUTE HOUR DAY WEEK MONTH QUARTER YEAR SECOND_MICROSECOND MINUTE_MICROSECOND MINUTE_SECOND HOUR_MICROSECOND HOUR_SECOND HOUR_MINUTE DAY_MICROSECOND DAY_SECOND DAY_MINUTE DAY_HOUR YEAR_MONTH'.split(
    ' ',
  ),
);

/** Functions only their bare name calls: quoted, the name is that of a stored one. */
export function isGrammarFunction(name: string): boolean {
  return (
    (CALLABLE_KEYWORDS.has(name) && !QUOTABLE.has(name)) ||
    ADJACENT_FUNCTIONS.has(name) ||
    AGGREGATES.has(name) ||
    WINDOW_FUNCTIONS.has(name)
  );
}

/** Keywords that call the same function in quotes. */
const QUOTABLE: ReadonlySet<string> = new Set(['CURRENT_ROLE', 'ST_COLLECT']);
