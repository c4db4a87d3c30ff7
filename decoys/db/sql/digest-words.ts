// Words as a statement's digest prints them: several that are one token to the server, and those an expression begins after.
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-digests.html; as a live 9.7.4 prints them.

/** Words that are one token, and the one of them that is printed. */
export const PRINTED: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ANY: 'SOME',
  BIGINT: 'INT8',
  CHAR: 'CHARACTER',
  COLUMNS: 'FIELDS',
  CURRENT_DATE: 'CURDATE',
  CURRENT_TIME: 'CURTIME',
  CURRENT_TIMESTAMP: 'NOW',
  DATABASE: 'SCHEMA',
  DATABASES: 'SCHEMAS',
  DAY: 'SQL_TSI_DAY',
  DEC: 'DECIMAL',
  DESCRIBE: 'EXPLAIN',
  DISTINCT: 'DISTINCTROW',
  DOUBLE: 'FLOAT8',
  FLOAT: 'FLOAT4',
  GEOMCOLLECTION: 'GEOMETRYCOLLECTION',
  HOUR: 'SQL_TSI_HOUR',
  INT: 'INTEGER',
  INT1: 'TINYINT',
  INT2: 'SMALLINT',
  INT3: 'MIDDLEINT',
  INT4: 'INTEGER',
  LOCALTIME: 'NOW',
  LOCALTIMESTAMP: 'NOW',
  MEDIUMINT: 'MIDDLEINT',
  MID: 'SUBSTRING',
  MINUTE: 'SQL_TSI_MINUTE',
  MONTH: 'SQL_TSI_MONTH',
  QUARTER: 'SQL_TSI_QUARTER',
  REGEXP: 'RLIKE',
  SECOND: 'SQL_TSI_SECOND',
  SESSION_USER: 'SYSTEM_USER',
  STD: 'STDDEV_POP',
  STDDEV: 'STDDEV_POP',
  SUBSTR: 'SUBSTRING',
  USER: 'SYSTEM_USER',
  VARCHAR: 'VARCHARACTER',
  VARIANCE: 'VAR_POP',
  '<>': '!=',
};

/** What a sign behind it is a number's own sign. */
export const BEFORE_SIGN: ReadonlySet<string> = new Set(
  '( , = > < >= <= != <=> <> := + - * / % & | ^ << >> && || AND BETWEEN CASE DEFAULT DIV ELSE ELSEIF IF INTERVAL LIKE MOD NOT OR REGEXP RETURN RLIKE SELECT THEN UNTIL WHEN WHILE XOR'.split(
    ' ',
  ),
);
