// Errors from 3000 on: JSON, regular expressions, windows, roles.
// Source: https://dev.mysql.com/doc/mysql-errors/9.7/en/server-error-reference.html, texts as recorded from 9.7.4.

/** code, SQLSTATE, text with %s for each argument. */
export const ERRORS_3000 = {
  ER_INVALID_ARGUMENT_FOR_LOGARITHM: [3020, 'HY000', 'Invalid argument for logarithm'],
  ER_QUERY_TIMEOUT: [3024, 'HY000', 'Query execution was interrupted, maximum statement execution time exceeded'],
  ER_USER_LOCK_WRONG_NAME: [
    3057,
    '42000',
    "Incorrect user-level lock name '%s'. The name is empty, NULL, or can not be expressed in the current character-set.",
  ],
  ER_INVALID_JSON_TEXT: [3140, '22032', 'Invalid JSON text: "%s" at position %s in value for column \'%s\'.'],
  ER_INVALID_JSON_TEXT_IN_PARAM: [
    3141,
    '22032',
    'Invalid JSON text in argument %s to function %s: "%s" at position %s.',
  ],
  ER_INVALID_JSON_PATH: [3143, '42000', 'Invalid JSON path expression. The error is around character position %s.'],
  ER_INVALID_TYPE_FOR_JSON: [
    3146,
    '22032',
    'Invalid data type for JSON data in argument %s to function %s; a JSON string or JSON type is required.',
  ],
  ER_FIELD_IN_GROUPING_NOT_GROUP_BY: [3148, 'HY000', 'Argument #%s of GROUPING function is not in GROUP BY'],
  ER_INVALID_JSON_VALUE_FOR_CAST: [3156, '22018', 'Invalid JSON value for CAST to %s from column %s at row %s'],
  ER_JSON_USED_AS_KEY: [
    3152,
    '42000',
    "JSON column '%s' supports indexing only via generated columns on a specified JSON path.",
  ],
  ER_CAPACITY_EXCEEDED_IN_PARSER: [
    3170,
    'HY000',
    "Memory capacity of %s bytes for '%s' exceeded. Parser bailed out for this query.",
  ],
  ER_INVALID_BITWISE_OPERANDS_SIZE: [3513, 'HY000', 'Binary operands of bitwise operators must be of equal length'],
  ER_INVALID_ROLE: [3523, 'HY000', 'Unknown authorization ID `%s`@`%s`'],
  ER_ROLE_NOT_GRANTED: [3530, 'HY000', '`%s`@`%s` is not granted to `%s`@`%s`'],
  ER_UNKNOWN_COMPONENT: [3536, 'HY000', "Component '%s' has not been loaded"],
  ER_NO_SYSTEM_SCHEMA_ACCESS: [3552, 'HY000', "Access to system schema '%s' is rejected."],
  ER_NO_SYSTEM_TABLE_ACCESS: [3554, 'HY000', "Access to %s '%s' is rejected."],
  ER_CANT_LOCK_SYSTEM: [3554, 'HY000', "Access to %s '%s' is rejected."],
  ER_CTE_RECURSIVE_REQUIRES_UNION: [3573, 'HY000', "Recursive Common Table Expression '%s' should contain a UNION"],
  ER_WINDOW_NO_SUCH_WINDOW: [3579, 'HY000', "Window name '%s' is not defined."],
  ER_WINDOW_ILLEGAL_ORDER_BY: [
    3592,
    'HY000',
    "Window '%s': ORDER BY or PARTITION BY uses legacy position indication which is not supported, use expression.",
  ],
  ER_WINDOW_INVALID_WINDOW_FUNC_USE: [3593, 'HY000', "You cannot use the window function '%s' in this context.'"],
  ER_SPECIAL_NAME: [3619, 'HY000', 'Illegal privilege level specified for %s'],
  ER_CTE_MAX_RECURSION_DEPTH: [
    3636,
    'HY000',
    'Recursive query aborted after %s iterations. Try increasing @@cte_max_recursion_depth to a larger value.',
  ],
  ER_CLIENT_DOESNT_SUPPORT_METADATA: [3640, 'HY000', "The client doesn't support optional metadata transfer"],
  ER_TF_MUST_HAVE_ALIAS: [3669, '42000', 'Every table function must have an alias.'],
  ER_REGEXP_ILLEGAL_ARGUMENT: [3685, 'HY000', 'Illegal argument to a regular expression.'],
  ER_REGEXP_INDEX_OUTOFBOUNDS: [3686, 'HY000', 'Index out of bounds in regular expression search.'],
  ER_REGEXP_RULE_SYNTAX: [3688, 'HY000', 'Syntax error in regular expression on line %s, character %s.'],
  ER_REGEXP_MISMATCHED_PAREN: [3691, 'HY000', 'Mismatched parenthesis in regular expression.'],
  ER_REGEXP_MAX_LT_MIN: [3693, 'HY000', 'The maximum is less than the minumum in a {min,max} interval.'],
  ER_REGEXP_MISSING_CLOSE_BRACKET: [3696, 'HY000', 'The regular expression contains an unclosed bracket expression.'],
  ER_REGEXP_TIME_OUT: [3699, 'HY000', 'Timeout exceeded in regular expression match.'],
  ER_WARN_UTF8_ALIAS: [
    3719,
    'HY000',
    "'utf8' is currently an alias for the character set UTF8MB3, but will be an alias for UTF8MB4 in a future release. Please consider using UTF8MB4 in order to be unambiguous.",
  ],
  ER_WARN_DEPRECATED_NATIONAL: [
    3720,
    'HY000',
    'NATIONAL/NCHAR/NVARCHAR implies the character set UTF8MB3, which will be replaced by UTF8MB4 in a future release. Please consider using CHAR(x) CHARACTER SET UTF8MB4 in order to be unambiguous.',
  ],
  ER_WRONG_COMPRESSION_LEVEL_CLIENT: [3923, 'HY000', "Invalid zstd compression level for algorithm '%s'."],
  ER_CLIENT_LOCAL_FILES_DISABLED: [
    3948,
    '42000',
    'Loading local data is disabled; this must be enabled on both the client and server sides',
  ],
  ER_WARN_JSON_BOOLEAN: [
    3986,
    'HY000',
    'Evaluating a JSON value in SQL boolean context does an implicit comparison against JSON integer 0; if this is not what you want, consider converting JSON to a SQL numeric type with JSON_VALUE RETURNING',
  ],
  ER_WARN_DEPRECATED_DELIMITER: [
    4095,
    'HY000',
    "Delimiter '%s' in position %s in datetime value '%s' at row 1 is deprecated. Prefer the standard '%s'.",
  ],
  ER_WARN_SUPERFLUOUS_DELIMITER: [
    4096,
    'HY000',
    "Delimiter '%s' in position %s in datetime value '%s' at row 1 is superfluous and is deprecated. Please remove.",
  ],
  ER_DATE_OUT_OF_RANGE: [6527, '22007', "%s value is out of range in '%s'"],
  ER_CLIENT_INTERACTION_TIMEOUT: [
    4031,
    'HY000',
    'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
  ],
  ER_WARN_UTF8MB3_COLLATION: [
    3778,
    'HY000',
    "'%s' is a collation of the deprecated character set UTF8MB3. Please consider using UTF8MB4 with an appropriate collation instead.",
  ],
  ER_WARN_UNSPACED_VERSION_COMMENT: [
    4164,
    'HY000',
    'Immediately starting the version comment after the version number is deprecated and may change behavior in a future release. Please insert a white-space character after the version number.',
  ],
} as const satisfies Record<string, readonly [number, string, string]>;
