// Tables behind INFORMATION_SCHEMA's views as the views' own queries call them, which columns of derived tables over them are told to be of.
// Source: recorded from a live 9.7.4 by a derived table over each view.

/** By view, a word a column in their order: its table; `-` for one that is worked out; `!` behind one told without its schema. */
const ALIASES: Readonly<Record<string, string>> = {
  __proto__: null as never,
  ADMINISTRABLE_ROLE_AUTHORIZATIONS:
    'APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES',
  APPLICABLE_ROLES:
    'APPLICABLE_ROLES! APPLICABLE_ROLES! APPLICABLE_ROLES! APPLICABLE_ROLES! APPLICABLE_ROLES! APPLICABLE_ROLES! APPLICABLE_ROLES APPLICABLE_ROLES APPLICABLE_ROLES',
  CHARACTER_SETS: 'cs col cs cs',
  CHECK_CONSTRAINTS: 'cat sch cc cc',
  COLLATIONS: 'COLLATIONS COLLATIONS COLLATIONS COLLATIONS COLLATIONS COLLATIONS COLLATIONS',
  COLLATION_CHARACTER_SET_APPLICABILITY: 'col cs',
  COLUMNS: 'cat sch tbl - col col - - - - - - col - - col col - - - - col',
  COLUMNS_EXTENSIONS: 'cat sch tbl - col col',
  COLUMN_STATISTICS: 'column_statistics column_statistics column_statistics column_statistics',
  ENABLED_ROLES: 'ENABLED_ROLES! ENABLED_ROLES! ENABLED_ROLES ENABLED_ROLES',
  EVENTS: 'cat sch evt evt evt - evt - - - evt evt - - - - evt evt - evt evt cs_client coll_conn coll_db',
  FILES: '- - - ts - - - - - ts - - - - - - - - - - - - - - - - - - - - - - - - - - - -',
  INNODB_DATAFILES: '- ts_files',
  INNODB_FIELDS: '- col -',
  INNODB_FOREIGN_COLS: '- col fk_col fk_col',
  INNODB_TABLESPACES_BRIEF: '- ts ts_files - -',
  JSON_DUALITY_VIEWS: 'cat sch tbl tbl - col - - - - - - - -',
  JSON_DUALITY_VIEW_COLUMNS: 'cat sch tbl - - - columns columns columns columns columns columns columns columns',
  JSON_DUALITY_VIEW_LINKS: 'cat sch tbl - - - - - - - - links links',
  JSON_DUALITY_VIEW_TABLES: 'cat sch tbl - - - tables tables tables tables tables tables tables tables tables',
  KEYWORDS: 'j j',
  KEY_COLUMN_USAGE: 'cat sch constraints cat sch tbl - constraints constraints constraints constraints constraints',
  LIBRARIES: 'cat sch rtn - rtn rtn rtn rtn rtn rtn',
  PARAMETERS: 'cat sch rtn - - - - - - prm - prm - - prm rtn',
  PARTITIONS: 'cat sch tbl part sub_part - - - - - tbl tbl part - - - - - - tbl - - - - - -',
  REFERENTIAL_CONSTRAINTS: 'cat sch - fk fk fk fk fk fk tbl fk',
  RESOURCE_GROUPS: 'res res res - res',
  ROLE_COLUMN_GRANTS:
    'ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS ROLE_COLUMN_GRANTS',
  ROLE_ROUTINE_GRANTS:
    'ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS ROLE_ROUTINE_GRANTS',
  ROLE_TABLE_GRANTS:
    'ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS ROLE_TABLE_GRANTS',
  ROUTINES:
    'rtn cat sch rtn rtn - - - rtn rtn rtn - - - - - - rtn - - rtn - rtn rtn rtn rtn rtn rtn cs_client coll_conn coll_db',
  ROUTINE_LIBRARIES: 'cat sch rtn rtn - - lib lib',
  SCHEMATA: 'cat sch cs col - sch',
  SCHEMATA_EXTENSIONS: 'cat sch -',
  STATISTICS: 'cat sch tbl - sch - icu - - - - - - - - idx - -',
  ST_GEOMETRY_COLUMNS: 'cat sch tbl - st_spatial_reference_systems col -',
  ST_SPATIAL_REFERENCE_SYSTEMS:
    'st_spatial_reference_systems st_spatial_reference_systems st_spatial_reference_systems st_spatial_reference_systems st_spatial_reference_systems st_spatial_reference_systems',
  TABLES: 'cat sch tbl tbl - - tbl - - - - - - - tbl - - col - - -',
  TABLESPACES_EXTENSIONS: 'tsps tsps',
  TABLES_EXTENSIONS: 'cat sch tbl tbl tbl',
  TABLE_CONSTRAINTS: 'cat sch constraints sch tbl constraints constraints',
  TABLE_CONSTRAINTS_EXTENSIONS: 'cat sch idx tbl idx idx',
  TRIGGERS: 'cat sch trg trg cat sch tbl trg - trg - trg - - - - trg trg trg cs_client coll_conn coll_db',
  USER_ATTRIBUTES: 'user user -',
  VIEWS: 'cat sch vw - vw vw vw - cs conn_coll',
  VIEW_ROUTINE_USAGE: 'cat sch vw vru vru vru',
  VIEW_TABLE_USAGE: 'cat sch vw vtu vtu vtu',
};

/** The schema and table each column of a view of INFORMATION_SCHEMA is told to be of behind a derived table; undefined where that is the view. */
export function tablesBehind(view: string): (readonly [schema: string, table: string])[] | undefined {
  return ALIASES[view]?.split(' ').map((alias) => {
    if (alias === '-') return ['', ''];
    return alias.endsWith('!') ? ['', alias.slice(0, -1)] : ['information_schema', alias];
  });
}
