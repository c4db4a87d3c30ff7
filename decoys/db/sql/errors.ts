// MySQL's errors as data: number, SQLSTATE and text of each one this decoy can answer.
// Source: https://dev.mysql.com/doc/mysql-errors/9.7/en/server-error-reference.html, texts as recorded from 9.7.4.

/** code, SQLSTATE, text with %s for each argument. */
const ERRORS = {
  ER_DB_CREATE_EXISTS: [1007, 'HY000', "Can't create database '%s'; database exists"],
  ER_DB_DROP_EXISTS: [1008, 'HY000', "Can't drop database '%s'; database doesn't exist"],
  ER_NISAMCHK: [1031, 'HY000', "Table storage engine for '%s' doesn't have this option"],
  ER_OUT_OF_SORTMEMORY: [1038, 'HY001', 'Out of sort memory, consider increasing server sort buffer size'],
  ER_CON_COUNT_ERROR: [1040, '08004', 'Too many connections'],
  ER_OUT_OF_RESOURCES: [
    1041,
    'HY000',
    "Out of memory; check if mysqld or some other process uses all available memory; if not, you may have to use 'ulimit' to allow mysqld to use more memory or you can add more swap space",
  ],
  ER_HANDSHAKE_ERROR: [1043, '08S01', 'Bad handshake'],
  ER_DBACCESS_DENIED_ERROR: [1044, '42000', "Access denied for user '%s'@'%s' to database '%s'"],
  ER_ACCESS_DENIED_ERROR: [1045, '28000', "Access denied for user '%s'@'%s' (using password: %s)"],
  ER_NO_DB_ERROR: [1046, '3D000', 'No database selected'],
  ER_UNKNOWN_COM_ERROR: [1047, '08S01', 'Unknown command'],
  ER_BAD_NULL_ERROR: [1048, '23000', "Column '%s' cannot be null"],
  ER_BAD_DB_ERROR: [1049, '42000', "Unknown database '%s'"],
  ER_TABLE_EXISTS_ERROR: [1050, '42S01', "Table '%s' already exists"],
  ER_BAD_TABLE_ERROR: [1051, '42S02', "Unknown table '%s'"],
  ER_NON_UNIQ_ERROR: [1052, '23000', "Column '%s' in %s is ambiguous"],
  ER_SERVER_SHUTDOWN: [1053, '08S01', 'Server shutdown in progress'],
  ER_BAD_FIELD_ERROR: [1054, '42S22', "Unknown column '%s' in '%s'"],
  ER_WRONG_FIELD_WITH_GROUP: [
    1055,
    '42000',
    "Expression #%s of SELECT list is not in GROUP BY clause and contains nonaggregated column '%s' which is not functionally dependent on columns in GROUP BY clause; this is incompatible with sql_mode=only_full_group_by",
  ],
  ER_WRONG_GROUP_FIELD: [1056, '42000', "Can't group on '%s'"],
  ER_WRONG_VALUE_COUNT: [1058, '21S01', "Column count doesn't match value count"],
  ER_TOO_LONG_IDENT: [1059, '42000', "Identifier name '%s' is too long"],
  ER_DUP_FIELDNAME: [1060, '42S21', "Duplicate column name '%s'"],
  ER_DUP_KEYNAME: [1061, '42000', "Duplicate key name '%s'"],
  ER_DUP_ENTRY: [1062, '23000', "Duplicate entry '%s' for key '%s'"],
  ER_WRONG_FIELD_SPEC: [1063, '42000', "Incorrect column specifier for column '%s'"],
  ER_PARSE_ERROR: [
    1064,
    '42000',
    "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near '%s' at line %s",
  ],
  ER_EMPTY_QUERY: [1065, '42000', 'Query was empty'],
  ER_NONUNIQ_TABLE: [1066, '42000', "Not unique table/alias: '%s'"],
  ER_INVALID_DEFAULT: [1067, '42000', "Invalid default value for '%s'"],
  ER_MULTIPLE_PRI_KEY: [1068, '42000', 'Multiple primary key defined'],
  ER_KEY_COLUMN_DOES_NOT_EXIST: [1072, '42000', "Key column '%s' doesn't exist in table"],
  ER_BLOB_CANT_HAVE_DEFAULT: [1101, '42000', "BLOB, TEXT, GEOMETRY or JSON column '%s' can't have a default value"],
  ER_TOO_BIG_FIELDLENGTH: [1074, '42000', "Column length too big for column '%s' (max = %s); use BLOB or TEXT instead"],
  ER_WRONG_AUTO_KEY: [
    1075,
    '42000',
    'Incorrect table definition; there can be only one auto column and it must be defined as a key',
  ],
  ER_FILE_EXISTS_ERROR: [1086, 'HY000', "File '%s' already exists"],
  ER_WRONG_SUB_KEY: [
    1089,
    'HY000',
    "Incorrect prefix key; the used key part isn't a string, the used length is longer than the key part, or the storage engine doesn't support unique prefix keys",
  ],
  ER_CANT_REMOVE_ALL_FIELDS: [1090, '42000', "You can't delete all columns with ALTER TABLE; use DROP TABLE instead"],
  ER_CANT_DROP_FIELD_OR_KEY: [1091, '42000', "Can't DROP '%s'; check that column/key exists"],
  ER_NO_SUCH_THREAD: [1094, 'HY000', 'Unknown thread id: %s'],
  ER_NO_TABLES_USED: [1096, 'HY000', 'No tables used'],
  ER_TABLE_NOT_LOCKED: [1100, 'HY000', "Table '%s' was not locked with LOCK TABLES"],
  ER_WRONG_DB_NAME: [1102, '42000', "Incorrect database name '%s'"],
  ER_WRONG_TABLE_NAME: [1103, '42000', "Incorrect table name '%s'"],
  ER_UNKNOWN_ERROR: [1105, 'HY000', 'Unknown error'],
  ER_XPATH: [1105, 'HY000', "XPATH syntax error: '%s'"],
  ER_WRONG_PARAMCOUNT_TO_PROCEDURE: [1107, '42000', "Incorrect parameter count to procedure '%s'"],
  ER_UNKNOWN_TABLE: [1109, '42S02', "Unknown table '%s' in %s"],
  ER_FIELD_SPECIFIED_TWICE: [1110, '42000', "Column '%s' specified twice"],
  ER_INVALID_GROUP_FUNC_USE: [1111, 'HY000', 'Invalid use of group function'],
  ER_TABLE_MUST_HAVE_COLUMNS: [1113, '42000', 'A table must have at least 1 column'],
  ER_RECORD_FILE_FULL: [1114, 'HY000', "The table '%s' is full"],
  ER_UNKNOWN_CHARACTER_SET: [1115, '42000', "Unknown character set: '%s'"],
  ER_TOO_MANY_FIELDS: [1117, 'HY000', 'Too many columns'],
  ER_CANT_FIND_UDF: [1122, 'HY000', "Can't load function '%s'"],
  ER_CANT_OPEN_LIBRARY: [1126, 'HY000', "Can't open shared library '%s' (errno: %s %s)"],
  ER_CANT_FIND_DL_ENTRY: [1127, 'HY000', "Can't find symbol '%s' in library"],
  ER_UDF_NO_PATHS: [1124, 'HY000', 'No paths allowed for shared library'],
  ER_PASSWORD_NO_MATCH: [1133, '42000', "Can't find any matching row in the user table"],
  ER_WRONG_VALUE_COUNT_ON_ROW: [1136, '21S01', "Column count doesn't match value count at row %s"],
  ER_MIX_OF_GROUP_FUNC_AND_FIELDS: [
    1140,
    '42000',
    "In aggregated query without GROUP BY, expression #%s of SELECT list contains nonaggregated column '%s'; this is incompatible with sql_mode=only_full_group_by",
  ],
  ER_NONEXISTING_GRANT: [1141, '42000', "There is no such grant defined for user '%s' on host '%s'"],
  ER_TABLEACCESS_DENIED_ERROR: [1142, '42000', "%s command denied to user '%s'@'%s' for table '%s'"],
  ER_ILLEGAL_GRANT_FOR_TABLE: [
    1144,
    '42000',
    'Illegal GRANT/REVOKE command; please consult the manual to see which privileges can be used',
  ],
  ER_NO_SUCH_TABLE: [1146, '42S02', "Table '%s' doesn't exist"],
  ER_NET_PACKET_TOO_LARGE: [1153, '08S01', "Got a packet bigger than 'max_allowed_packet' bytes"],
  ER_NET_PACKETS_OUT_OF_ORDER: [1156, '08S01', 'Got packets out of order'],
  ER_NET_UNCOMPRESS_ERROR: [1157, '08S01', "Couldn't uncompress communication packet"],
  ER_NET_READ_ERROR: [1158, '08S01', 'Got an error reading communication packets'],
  ER_NET_READ_INTERRUPTED: [1159, '08S01', 'Got timeout reading communication packets'],
  ER_TABLE_CANT_HANDLE_AUTO_INCREMENT: [1164, '42000', "The used table type doesn't support AUTO_INCREMENT columns"],
  ER_WRONG_COLUMN_NAME: [1166, '42000', "Incorrect column name '%s'"],
  ER_BLOB_KEY_WITHOUT_LENGTH: [1170, '42000', "BLOB/TEXT column '%s' used in key specification without a key length"],
  ER_PRIMARY_CANT_HAVE_NULL: [
    1171,
    '42000',
    'All parts of a PRIMARY KEY must be NOT NULL; if you need NULL in a key, use UNIQUE instead',
  ],
  ER_TOO_MANY_ROWS: [1172, '42000', 'Result consisted of more than one row'],
  ER_KEY_DOES_NOT_EXITS: [1176, '42000', "Key '%s' doesn't exist in table '%s'"],
  ER_CANT_DO_THIS_DURING_AN_TRANSACTION: [
    1179,
    '25000',
    'You are not allowed to execute this command in a transaction',
  ],
  ER_UNKNOWN_SYSTEM_VARIABLE: [1193, 'HY000', "Unknown system variable '%s'"],
  ER_CANT_CHANGE_TX_CHARACTERISTICS: [
    1568,
    '25001',
    "Transaction characteristics can't be changed while a transaction is in progress",
  ],
  ER_LOCK_WAIT_TIMEOUT: [1205, 'HY000', 'Lock wait timeout exceeded; try restarting transaction'],
  ER_WRONG_ARGUMENTS: [1210, 'HY000', 'Incorrect arguments to %s'],
  ER_UNION_TABLES_IN_DIFFERENT_DIR: [
    1212,
    'HY000',
    'Incorrect table definition; all MERGE tables must be in the same database',
  ],
  ER_CANT_USE_OPTION_HERE: [1234, '42000', "Incorrect usage/placement of '%s'"],
  ER_WRONG_USAGE: [1221, 'HY000', 'Incorrect usage of %s and %s'],
  ER_WRONG_NUMBER_OF_COLUMNS_IN_SELECT: [
    1222,
    '21000',
    'The used SELECT statements have a different number of columns',
  ],
  ER_CANT_UPDATE_WITH_READLOCK: [1223, 'HY000', "Can't execute the query because you have a conflicting read lock"],
  ER_SPECIFIC_ACCESS_DENIED_ERROR: [
    1227,
    '42000',
    'Access denied; you need (at least one of) the %s privilege(s) for this operation',
  ],
  ER_LOCAL_VARIABLE: [1228, 'HY000', "Variable '%s' is a SESSION variable and can't be used with SET GLOBAL"],
  ER_GLOBAL_VARIABLE: [1229, 'HY000', "Variable '%s' is a GLOBAL variable and should be set with SET GLOBAL"],
  ER_NO_DEFAULT: [1230, '42000', "Variable '%s' doesn't have a default value"],
  ER_WRONG_VALUE_FOR_VAR: [1231, '42000', "Variable '%s' can't be set to the value of '%s'"],
  ER_WRONG_TYPE_FOR_VAR: [1232, '42000', "Incorrect argument type to variable '%s'"],
  ER_CANT_USE_OPTION: [1234, '42000', "Incorrect usage/placement of '%s'"],
  ER_NOT_SUPPORTED_YET: [1235, '42000', "This version of MySQL doesn't yet support '%s'"],
  ER_INCORRECT_GLOBAL_LOCAL_VAR: [1238, 'HY000', "Variable '%s' is a %s variable"],
  ER_OPERAND_COLUMNS: [1241, '21000', 'Operand should contain %s column(s)'],
  ER_SUBQUERY_NO_1_ROW: [1242, '21000', 'Subquery returns more than 1 row'],
  ER_UNKNOWN_STMT_HANDLER: [1243, 'HY000', 'Unknown prepared statement handler (%s) given to %s'],
  ER_ILLEGAL_REFERENCE: [1247, '42S22', "Reference '%s' not supported (%s)"],
  ER_DERIVED_MUST_HAVE_ALIAS: [1248, '42000', 'Every derived table must have its own alias'],
  ER_NOT_SUPPORTED_AUTH_MODE: [
    1251,
    '08004',
    'Client does not support authentication protocol requested by server; consider upgrading MySQL client',
  ],
  ER_COLLATION_CHARSET_MISMATCH: [1253, '42000', "COLLATION '%s' is not valid for CHARACTER SET '%s'"],
  ER_WARN_DATA_OUT_OF_RANGE: [1264, '22003', "Out of range value for column '%s' at row %s"],
  ER_WARN_DATA_TRUNCATED: [1265, '01000', "Data truncated for column '%s' at row %s"],
  ER_UNKNOWN_COLLATION: [1273, 'HY000', "Unknown collation: '%s'"],
  ER_WRONG_NAME_FOR_INDEX: [1280, '42000', "Incorrect index name '%s'"],
  ER_UNKNOWN_STORAGE_ENGINE: [1286, '42000', "Unknown storage engine '%s'"],
  ER_WARN_DEPRECATED_SYNTAX: [
    1287,
    'HY000',
    "'%s' is deprecated and will be removed in a future release. Please use %s instead",
  ],
  ER_NON_UPDATABLE_TABLE: [1288, 'HY000', 'The target table %s of the %s is not updatable'],
  ER_OPTION_PREVENTS_STATEMENT: [
    1290,
    'HY000',
    'The MySQL server is running with the %s option so it cannot execute this statement',
  ],
  ER_TRUNCATED_WRONG_VALUE: [1292, '22007', "Truncated incorrect %s value: '%s'"],
  ER_INCORRECT_VALUE: [1292, '22007', "Incorrect %s value: '%s'"],
  ER_INCORRECT_VALUE_FOR_COLUMN: [1292, '22007', "Incorrect %s value: '%s' for column '%s' at row %s"],
  ER_UNKNOWN_TIME_ZONE: [1298, 'HY000', "Unknown or incorrect time zone: '%s'"],
  ER_TRUNCATED_WRONG_VALUE_FOR_FIELD: [1366, 'HY000', "Incorrect %s value: '%s' for column '%s' at row %s"],
  ER_INVALID_CHARACTER_STRING: [1300, 'HY000', "Invalid %s character string: '%s'"],
  ER_WARN_ALLOWED_PACKET_OVERFLOWED: [
    1301,
    'HY000',
    'Result of %s() was larger than max_allowed_packet (%s) - truncated',
  ],
  ER_SP_ALREADY_EXISTS: [1304, '42000', '%s %s already exists'],
  ER_SP_DOES_NOT_EXIST: [1305, '42000', '%s %s does not exist'],
  ER_QUERY_INTERRUPTED: [1317, '70100', 'Query execution was interrupted'],
  ER_SP_WRONG_NO_OF_ARGS: [1318, '42000', 'Incorrect number of arguments for %s %s; expected %s, got %s'],
  ER_DIVISION_BY_ZERO: [1365, '22012', 'Division by 0'],
  ER_ILLEGAL_VALUE_FOR_TYPE: [1367, '22007', "Illegal %s '%s' value found during parsing"],
  ER_WRONG_VALUE_FOR_TYPE: [1411, 'HY000', "Incorrect %s value: '%s' for function %s"],
  ER_SP_BADSTATEMENT: [1314, '0A000', '%s is not allowed in stored procedures'],
  ER_SP_BADSELECT: [1312, '0A000', "PROCEDURE %s can't return a result set in the given context"],
  ER_SP_NOT_VAR_ARG: [
    1414,
    '42000',
    'OUT or INOUT argument %s for routine %s is not a variable or NEW pseudo-variable in BEFORE trigger',
  ],
  ER_SP_RECURSION_LIMIT: [
    1456,
    'HY000',
    'Recursive limit %s (as set by the max_sp_recursion_depth variable) was exceeded for routine %s',
  ],
  ER_BINLOG_UNSAFE_ROUTINE: [
    1418,
    'HY000',
    'This function has none of DETERMINISTIC, NO SQL, or READS SQL DATA in its declaration and binary logging is enabled (you *might* want to use the less safe log_bin_trust_function_creators variable)',
  ],
  ER_XAER_RMFAIL: [
    1399,
    'XAE07',
    'XAER_RMFAIL: The command cannot be executed when global transaction is in the  %s state',
  ],
  ER_XAER_OUTSIDE: [1400, 'XAE09', 'XAER_OUTSIDE: Some work is done outside global transaction'],
  ER_XAER_NOTA: [1397, 'XAE04', 'XAER_NOTA: Unknown XID'],
  ER_SP_NO_RECURSIVE_CREATE: [1303, '2F003', "Can't create a %s from within another stored routine"],
  ER_VIEW_NO_EXPLAIN: [1345, 'HY000', 'EXPLAIN/SHOW can not be issued; lacking privileges for underlying table'],
  ER_WRONG_OBJECT: [1347, 'HY000', "'%s.%s' is not %s"],
  ER_NO_SUCH_USER: [1449, 'HY000', "The user specified as a definer ('%s'@'%s') does not exist"],
  ER_TRG_DOES_NOT_EXIST: [1360, 'HY000', 'Trigger does not exist'],
  ER_NO_DEFAULT_FOR_FIELD: [1364, 'HY000', "Field '%s' doesn't have a default value"],
  ER_PROC_AUTO_GRANT_FAIL: [1404, 'HY000', 'Failed to grant EXECUTE and ALTER ROUTINE privileges'],
  ER_CANNOT_USER: [1396, 'HY000', 'Operation %s failed for %s'],
  ER_CANT_CREATE_USER_WITH_GRANT: [1410, '42000', 'You are not allowed to create a user with GRANT'],
  ER_SP_DUP: [1304, '42000', '%s %s already exists'],
  ER_TOO_BIG_PRECISION: [1426, '42000', "Too-big precision %s specified for '%s'. Maximum is %s."],
  ER_M_BIGGER_THAN_D: [1427, '42000', "For float(M,D), double(M,D) or decimal(M,D), M must be >= D (column '%s')."],
  ER_TOO_BIG_DISPLAYWIDTH: [1439, '42000', "Display width out of range for column '%s' (max = %s)"],
  ER_DATETIME_FUNCTION_OVERFLOW: [1441, '22008', 'Datetime function: %s field overflow'],
  ER_STACK_OVERRUN_NEED_MORE: [
    1436,
    'HY000',
    "Thread stack overrun:  %s bytes used of a %s byte stack, and %s bytes needed.  Use 'mysqld --thread_stack=#' to specify a bigger stack.",
  ],
  ER_TOO_HIGH_LEVEL_OF_NESTING: [1473, 'HY000', 'Too high level of nesting for select'],
  ER_NAME_BECOMES_EMPTY: [1474, 'HY000', "Name '%s' has become ''"],
  ER_EVENT_ALREADY_EXISTS: [1537, 'HY000', "Event '%s' already exists"],
  ER_EVENT_DOES_NOT_EXIST: [1539, 'HY000', "Unknown event '%s'"],
  ER_PLUGIN_IS_NOT_LOADED: [1524, 'HY000', "Plugin '%s' is not loaded"],
  ER_WRONG_PARAMCOUNT_TO_NATIVE_FCT: [1582, '42000', "Incorrect parameter count in the call to native function '%s'"],
  ER_NATIVE_FCT_NAME_COLLISION: [1585, 'HY000', "This function '%s' has the same name as a native function"],
  ER_DUP_UNKNOWN_IN_INDEX: [1859, '23000', "Duplicate entry for key '%s'"],
  ER_UNKNOWN_LOCALE: [1649, 'HY000', "Unknown locale: '%s'"],
  ER_DATA_OUT_OF_RANGE: [1690, '22003', "%s value is out of range in '%s'"],
  ER_MALFORMED_PACKET: [1835, 'HY000', 'Malformed communication packet.'],
  ER_UNKNOWN_EXPLAIN_FORMAT: [1791, 'HY000', "Unknown EXPLAIN format name: '%s'"],
  ER_ROW_COUNT_MISMATCH: [1222, '21000', 'The used SELECT statements have a different number of columns'],
  ER_CAPACITY_EXCEEDED_IN_PARSER: [
    3170,
    'HY000',
    "Memory capacity of %s bytes for '%s' exceeded. Parser bailed out for this query.",
  ],
  ER_QUERY_TIMEOUT: [3024, 'HY000', 'Query execution was interrupted, maximum statement execution time exceeded'],
  ER_INVALID_TYPE_FOR_JSON: [
    3146,
    '22032',
    'Invalid data type for JSON data in argument %s to function %s; a JSON string or JSON type is required.',
  ],
  ER_INVALID_JSON_TEXT: [3140, '22032', 'Invalid JSON text: "%s" at position %s in value for column \'%s\'.'],
  ER_INVALID_JSON_TEXT_IN_PARAM: [
    3141,
    '22032',
    'Invalid JSON text in argument %s to function %s: "%s" at position %s.',
  ],
  ER_INVALID_JSON_PATH: [3143, '42000', 'Invalid JSON path expression. The error is around character position %s.'],
  ER_JSON_USED_AS_KEY: [
    3152,
    '42000',
    "JSON column '%s' supports indexing only via generated columns on a specified JSON path.",
  ],
  ER_INVALID_ROLE: [3523, 'HY000', 'Unknown authorization ID `%s`@`%s`'],
  ER_NO_SYSTEM_TABLE_ACCESS: [3554, 'HY000', "Access to %s '%s' is rejected."],
  ER_WINDOW_INVALID_WINDOW_FUNC_USE: [3593, 'HY000', "You cannot use the window function '%s' in this context.'"],
  ER_CTE_RECURSIVE_REQUIRES_UNION: [3573, 'HY000', "Recursive Common Table Expression '%s' should contain a UNION"],
  ER_CTE_MAX_RECURSION_DEPTH: [
    3636,
    'HY000',
    'Recursive query aborted after %s iterations. Try increasing @@cte_max_recursion_depth to a larger value.',
  ],
  ER_UNKNOWN_COMPONENT: [3536, 'HY000', "Component '%s' has not been loaded"],
  ER_CANT_LOCK_SYSTEM: [3554, 'HY000', "Access to %s '%s' is rejected."],
  ER_REGEXP_ILLEGAL_ARGUMENT: [3685, 'HY000', 'Illegal argument to a regular expression.'],
  ER_REGEXP_RULE_SYNTAX: [3688, 'HY000', 'Syntax error in regular expression on line %s, character %s.'],
  ER_REGEXP_TIME_OUT: [3699, 'HY000', 'Timeout exceeded in regular expression match.'],
  ER_ROLE_NOT_GRANTED: [3530, 'HY000', '`%s`@`%s` is not granted to `%s`@`%s`'],
  ER_CLIENT_LOCAL_FILES_DISABLED: [
    3948,
    '42000',
    'Loading local data is disabled; this must be enabled on both the client and server sides',
  ],
  ER_TRANSACTION_NOT_READ_ONLY: [1792, '25006', 'Cannot execute statement in a READ ONLY transaction.'],
  ER_SPECIAL_NAME: [3619, 'HY000', 'Illegal privilege level specified for %s'],
  ER_DEPRECATED_WITHOUT_REPLACEMENT: [1681, 'HY000', "'%s' is deprecated and will be removed in a future release."],
  ER_WRONG_COMPRESSION_LEVEL_CLIENT: [3923, 'HY000', "Invalid zstd compression level for algorithm '%s'."],
  ER_CLIENT_DOESNT_SUPPORT_METADATA: [3640, 'HY000', "The client doesn't support optional metadata transfer"],
  ER_CLIENT_INTERACTION_TIMEOUT: [
    4031,
    'HY000',
    'The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.',
  ],
  ER_TF_MUST_HAVE_ALIAS: [3669, '42000', 'Every table function must have an alias.'],
  ER_WINDOW_NO_SUCH_WINDOW: [3579, 'HY000', "Window name '%s' is not defined."],
  ER_WINDOW_ILLEGAL_ORDER_BY: [
    3592,
    'HY000',
    "Window '%s': ORDER BY or PARTITION BY uses legacy position indication which is not supported, use expression.",
  ],
  ER_VIEW_WRONG_LIST: [
    1353,
    'HY000',
    'In definition of view, derived table or common table expression, SELECT list and column names list have different column counts',
  ],
  ER_DATA_TOO_LONG: [1406, '22001', "Data too long for column '%s' at row %s"],
  ER_FIELD_IN_GROUPING_NOT_GROUP_BY: [3148, 'HY000', 'Argument #%s of GROUPING function is not in GROUP BY'],
  ER_UNDECLARED_VAR: [1327, '42000', 'Undeclared variable: %s'],
  ER_SP_BAD_SQLSTATE: [1407, '42000', "Bad SQLSTATE: '%s'"],
  ER_SP_COND_MISMATCH: [1319, '42000', 'Undefined CONDITION: %s'],
  ER_RESIGNAL_WITHOUT_ACTIVE_HANDLER: [1645, '0K000', 'RESIGNAL when handler not active'],
  ER_UNSUPPORTED_PS: [1295, 'HY000', 'This command is not supported in the prepared statement protocol yet'],
  ER_SYNTAX_ERROR: [
    1149,
    '42000',
    'You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use',
  ],
  ER_WRONG_USAGE_GRANT: [1221, 'HY000', 'Incorrect usage of %s and %s'],
  ER_NONEXISTING_GRANT_ANY: [1141, '42000', "There is no such grant defined for user '%s' on host '%s'"],
  ER_WRONG_STRING_LENGTH: [1470, 'HY000', "String '%s' is too long for %s (should be no longer than %s)"],
  ER_NO_SYSTEM_SCHEMA_ACCESS: [3552, 'HY000', "Access to system schema '%s' is rejected."],
  ER_ZLIB_Z_DATA_CORRUPTED: [1259, 'HY000', 'ZLIB: Input data corrupted'],
  ER_WRONG_PARAMETERS_TO_NATIVE_FCT: [1583, '42000', "Incorrect parameters in the call to native function '%s'"],
  ER_ACCESS_DENIED_NO_PASSWORD: [1698, '28000', "Access denied for user '%s'@'%s'"],
  ER_SP_LABEL_MISMATCH: [1310, '42000', 'End-label %s without match'],
  ER_SP_LILABEL_MISMATCH: [1308, '42000', '%s with no matching label: %s'],
  ER_SP_CURSOR_AFTER_HANDLER: [1338, '42000', 'Cursor declaration after handler declaration'],
  ER_SP_VARCOND_AFTER_CURSHNDLR: [
    1337,
    '42000',
    'Variable or condition declaration after cursor or handler declaration',
  ],
  ER_SP_DUP_VAR: [1331, '42000', 'Duplicate variable: %s'],
  ER_SP_CURSOR_MISMATCH: [1324, '42000', 'Undefined CURSOR: %s'],
  ER_SP_CURSOR_ALREADY_OPEN: [1325, '24000', 'Cursor is already open'],
  ER_SP_CURSOR_NOT_OPEN: [1326, '24000', 'Cursor is not open'],
  ER_SP_FETCH_NO_DATA: [1329, '02000', 'No data - zero rows fetched, selected, or processed'],
  ER_SP_WRONG_NO_OF_FETCH_ARGS: [1328, 'HY000', 'Incorrect number of FETCH variables'],
  ER_SP_CASE_NOT_FOUND: [1339, '20000', 'Case not found for CASE statement'],
  ER_SP_NORETURN: [1320, '42000', 'No RETURN found in FUNCTION %s'],
  ER_TRG_ALREADY_EXISTS: [1359, 'HY000', 'Trigger already exists'],
  ER_SP_NORETURNEND: [1321, '2F005', 'FUNCTION %s ended without RETURN'],
  ER_SP_NO_RETSET: [1415, '0A000', 'Not allowed to return a result set from a %s'],
  ER_CANT_UPDATE_USED_TABLE_IN_SF_OR_TRG: [
    1442,
    'HY000',
    "Can't update table '%s' in stored function/trigger because it is already used by statement which invoked this stored function/trigger.",
  ],
  ER_TRG_NO_SUCH_ROW_IN_TRG: [1363, 'HY000', 'There is no %s row in on %s trigger'],
  ER_TRG_CANT_CHANGE_ROW: [1362, 'HY000', 'Updating of %s row is not allowed in %strigger'],
  ER_INVALID_ARGUMENT_FOR_LOGARITHM: [3020, 'HY000', 'Invalid argument for logarithm'],
  ER_INVALID_BITWISE_OPERANDS_SIZE: [3513, 'HY000', 'Binary operands of bitwise operators must be of equal length'],
  ER_WRONG_VALUE: [1525, 'HY000', "Incorrect %s value: '%s'"],
  ER_CANT_AGGREGATE_2COLLATIONS: [1267, 'HY000', "Illegal mix of collations (%s,%s) and (%s,%s) for operation '%s'"],
  ER_WARN_DEPRECATED_NATIONAL: [
    3720,
    'HY000',
    'NATIONAL/NCHAR/NVARCHAR implies the character set UTF8MB3, which will be replaced by UTF8MB4 in a future release. Please consider using CHAR(x) CHARACTER SET UTF8MB4 in order to be unambiguous.',
  ],
  ER_WARN_CALC_FOUND_ROWS: [
    1287,
    'HY000',
    'SQL_CALC_FOUND_ROWS is deprecated and will be removed in a future release. Consider using two separate queries instead.',
  ],
  ER_WARN_SETTING_IN_EXPRESSION: [
    1287,
    'HY000',
    "Setting user variables within expressions is deprecated and will be removed in a future release. Consider alternatives: 'SET variable=expression, ...', or 'SELECT expression(s) INTO variables(s)'.",
  ],
  ER_USER_LOCK_WRONG_NAME: [
    3057,
    '42000',
    "Incorrect user-level lock name '%s'. The name is empty, NULL, or can not be expressed in the current character-set.",
  ],
  ER_MALFORMED_GTID_SET_SPECIFICATION: [1772, 'HY000', "Malformed GTID set specification '%s'."],
  ER_TOO_BIG_PRECISION_FUNCTION: [1426, '42000', "Too-big precision %s specified for '%s'. Maximum is %s."],
  ER_ZLIB_Z_DATA_ERROR: [
    1256,
    'HY000',
    'Uncompressed data size too large; the maximum size is %s (probably, length of uncompressed data was corrupted)',
  ],
  ER_REGEXP_INDEX_OUTOFBOUNDS: [3686, 'HY000', 'Index out of bounds in regular expression search.'],
  ER_REGEXP_MISMATCHED_PAREN: [3691, 'HY000', 'Mismatched parenthesis in regular expression.'],
  ER_REGEXP_MAX_LT_MIN: [3693, 'HY000', 'The maximum is less than the minumum in a {min,max} interval.'],
  ER_REGEXP_MISSING_CLOSE_BRACKET: [3696, 'HY000', 'The regular expression contains an unclosed bracket expression.'],
  ER_WARN_UTF8_ALIAS: [
    3719,
    'HY000',
    "'utf8' is currently an alias for the character set UTF8MB3, but will be an alias for UTF8MB4 in a future release. Please consider using UTF8MB4 in order to be unambiguous.",
  ],
} as const satisfies Record<string, readonly [number, string, string]>;

export type ErrorName = keyof typeof ERRORS;

/** An error MySQL would answer; the only thing the interpreter throws on purpose. */
export class SqlError extends Error {
  readonly code: number;
  readonly sqlstate: string;

  constructor(code: number, sqlstate: string, message: string) {
    super(message);
    this.name = 'SqlError';
    this.code = code;
    this.sqlstate = sqlstate;
  }
}

/** Longest text of an argument in a message; MySQL's own formats cut names alike. */
const ARGUMENT_CHARACTERS = 400;

/** An argument as the server's C strings show it: up to a NUL. */
function shownArgument(text: string): string {
  const end = text.indexOf('\0');
  return text.slice(0, end < 0 ? ARGUMENT_CHARACTERS : Math.min(end, ARGUMENT_CHARACTERS));
}

export function errorText(name: ErrorName, ...args: readonly (string | number | bigint)[]): string {
  let at = 0;
  return ERRORS[name][2].replace(/%s/g, () => shownArgument(String(args[at++] ?? '')));
}

// Deep nesting would copy long stacks for errors nobody reads.
Error.stackTraceLimit = 5;

export function sqlError(name: ErrorName, ...args: readonly (string | number | bigint)[]): SqlError {
  const [code, sqlstate] = ERRORS[name];
  return new SqlError(code, sqlstate, errorText(name, ...args));
}

const STATES: ReadonlyMap<number, string> = new Map(Object.values(ERRORS).map(([code, state]) => [code, state]));

/** SQLSTATE of an error's code; HY000 where the code is none of ours. */
export function sqlstateOf(code: number): string {
  return STATES.get(code) ?? 'HY000';
}

export function errorCode(name: ErrorName): number {
  return ERRORS[name][0];
}
