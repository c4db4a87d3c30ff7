// What a statement is for, where that can be told: a table of patterns, each with its ATT&CK techniques.
// Patterns look for words in order over a bounded prefix, in time linear in it. Source: https://attack.mitre.org and bots' published statements.
import type { TechniqueId } from '../touch/actions.ts';

export interface Signature {
  readonly name: string;
  readonly techniques: readonly TechniqueId[];
  /** Exploitation, escalation, exfiltration, destruction; false for looking around. */
  readonly serious: boolean;
}

interface Rule extends Signature {
  /** Words that must all follow one another, in this order; each alternative is such a list. */
  readonly words: readonly (readonly string[])[];
  /** A statement must begin with one of these, where given. */
  readonly starts?: readonly string[];
}

/** Bytes of a statement that are looked at, from its beginning; and as many from its end. */
const LOOKED_AT_BYTES = 16_384;
const TAIL_BYTES = 2_048;

const RULES: readonly Rule[] = [
  {
    name: 'mysql-udf-load',
    words: [
      ['create', 'function', 'soname'],
      ['create', 'aggregate', 'function', 'soname'],
      ['install', 'plugin', 'soname'],
      ['install component'],
    ],
    techniques: ['T1505.001', 'T1059'],
    serious: true,
    starts: ['create', 'install'],
  },
  {
    name: 'mysql-udf-command',
    words: [
      ['sys_exec', '('],
      ['sys_eval', '('],
      ['sys_bineval', '('],
      ['cmdshell', '('],
      ['downloader', '('],
      ['backshell', '('],
      ['xpdl3', '('],
      ['do_system', '('],
      ['lib_mysqludf_sys'],
    ],
    techniques: ['T1059.004', 'T1505.001'],
    serious: true,
  },
  {
    name: 'mysql-binary-drop',
    words: [['into dumpfile'], ['0x7f454c46'], ['0x4d5a'], ['\\x7felf'], ['unhex', "'7f454c46"], ['unhex', "'4d5a"]],
    techniques: ['T1105', 'T1505.001'],
    serious: true,
  },
  {
    name: 'mysql-webshell',
    words: [
      ['<?php', 'into outfile'],
      ['general_log_file', '.php'],
      ['slow_query_log_file', '.php'],
      ['<?php', 'eval'],
      ['<%', 'into outfile'],
    ],
    techniques: ['T1505.003'],
    serious: true,
  },
  {
    name: 'mysql-log-file-write',
    words: [['general_log_file'], ['slow_query_log_file']],
    techniques: ['T1505.003'],
    serious: true,
    starts: ['set'],
  },
  { name: 'mysql-file-write', words: [['into outfile']], techniques: ['T1105'], serious: true },
  {
    name: 'mysql-file-read',
    words: [
      ['load_file', '('],
      ['load data', 'infile'],
      ['load xml', 'infile'],
    ],
    techniques: ['T1083', 'T1213.006'],
    serious: true,
  },
  {
    name: 'mysql-ransom-note',
    words: [
      ['bitcoin'],
      [' btc'],
      ['recover your', 'data'],
      ['your data', 'backed up'],
      ['.onion'],
      ['please_read'],
      ['readme_to_recover'],
      ['recover_your_data'],
      ['warning', 'ransom'],
      ['protonmail'],
    ],
    techniques: ['T1486', 'T1485'],
    serious: true,
    starts: ['create', 'insert', 'update', 'use', 'replace'],
  },
  {
    name: 'mysql-account-create',
    words: [['create user'], ['insert', 'mysql.user'], ['replace', 'mysql.user']],
    techniques: ['T1136'],
    serious: true,
  },
  {
    name: 'mysql-privilege-grant',
    words: [
      ['grant ', ' to '],
      ['update', 'mysql.user', 'priv'],
    ],
    techniques: ['T1098'],
    serious: true,
    starts: ['grant', 'update'],
  },
  {
    name: 'mysql-password-change',
    words: [
      ['set password'],
      ['alter user', 'identified'],
      ['update', 'mysql.user', 'authentication_string'],
      ['update', 'mysql.user', 'password'],
    ],
    techniques: ['T1098'],
    serious: true,
  },
  {
    name: 'mysql-server-shutdown',
    words: [['shutdown'], ['restart']],
    techniques: ['T1489'],
    serious: true,
    starts: ['shutdown', 'restart'],
  },
  {
    name: 'mysql-destruction',
    words: [['drop database'], ['drop schema'], ['drop table'], ['truncate'], ['delete from']],
    techniques: ['T1485'],
    serious: true,
    starts: ['drop', 'truncate', 'delete'],
  },
  {
    name: 'mysql-defense-evasion',
    words: [
      ['set', 'general_log'],
      ['set', 'sql_log_bin'],
      ['set', 'slow_query_log'],
      ['purge binary logs'],
      ['reset binary logs'],
      ['set', 'log_bin_trust_function_creators'],
      ['set', 'secure_file_priv'],
      ['set', 'local_infile'],
    ],
    techniques: ['T1562.001'],
    serious: true,
    starts: ['set', 'purge', 'reset'],
  },
  {
    name: 'mysql-hash-dump',
    words: [['authentication_string'], ['password', 'mysql.user'], ['mysql.user', 'password']],
    techniques: ['T1003'],
    serious: true,
    starts: ['select', '(', 'with'],
  },
  {
    name: 'mysql-injection-error',
    words: [
      ['extractvalue', '0x'],
      ['extractvalue', 'concat'],
      ['updatexml', '0x'],
      ['updatexml', 'concat'],
      ['floor', 'rand(0)', 'group by'],
      ['gtid_subset', 'concat'],
      ['json_keys', 'concat'],
    ],
    techniques: ['T1190'],
    serious: true,
  },
  {
    name: 'mysql-injection-time',
    words: [
      ['sleep', '('],
      ['benchmark', '('],
    ],
    techniques: ['T1190'],
    serious: true,
  },
  {
    name: 'mysql-injection-union',
    words: [
      ['union', 'select', 'null'],
      ['union', 'select', '0x'],
      ['union', 'select', 'concat(0x'],
    ],
    techniques: ['T1190'],
    serious: true,
  },
  {
    name: 'mysql-persistence',
    words: [
      ['create event'],
      ['create trigger'],
      ['create procedure'],
      ['create definer'],
      ['init_connect'],
      ['event_scheduler'],
    ],
    techniques: ['T1505.001'],
    serious: true,
    starts: ['create', 'set'],
  },
  {
    name: 'mysql-dump',
    words: [
      ['sql_no_cache', 'from'],
      ['lock tables', 'read'],
      ['flush tables with read lock'],
      ['show create table'],
      ['select * from'],
    ],
    techniques: ['T1213.006'],
    serious: true,
  },
  {
    name: 'mysql-account-discovery',
    words: [['mysql.user'], ['show grants'], ['user_privileges'], ['current_user'], ['show create user']],
    techniques: ['T1087'],
    serious: false,
  },
  {
    name: 'mysql-discovery',
    words: [
      ['information_schema'],
      ['performance_schema'],
      ['show databases'],
      ['show tables'],
      ['show full tables'],
      ['show variables'],
      ['show global variables'],
      ['show status'],
      ['show processlist'],
      ['show full processlist'],
      ['@@version'],
      ['version()'],
      ['@@hostname'],
      ['@@datadir'],
      ['@@basedir'],
      ['@@plugin_dir'],
      ['@@secure_file_priv'],
      ['show schemas'],
      ['show engine'],
      ['show plugins'],
      ['show binary'],
      ['show replica'],
    ],
    techniques: ['T1082'],
    serious: false,
  },
];

function holds(text: string, words: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    const found = text.indexOf(word, at);
    if (found < 0) return false;
    at = found + word.length;
  }
  return true;
}

/** Comments out and spaces as one, so that a comment between two words hides neither. Linear in the text. */
function plain(bytes: Buffer): string {
  const head = bytes.toString('latin1', 0, LOOKED_AT_BYTES);
  const tail =
    bytes.length > LOOKED_AT_BYTES
      ? bytes.toString('latin1', Math.max(LOOKED_AT_BYTES, bytes.length - TAIL_BYTES))
      : '';
  const text = (head + tail).toLowerCase();
  let out = '';
  let space = true;
  for (let at = 0; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '/' && text[at + 1] === '*' && text[at + 2] !== '!') {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) break;
      at = end + 1;
      if (!space) out += ' ';
      space = true;
    } else if (c <= ' ') {
      if (!space) out += ' ';
      space = true;
    } else if (c !== '`') {
      out += c;
      space = false;
    }
  }
  return out;
}

/** The first rule that fits a statement; undefined where none does. */
export function signatureOf(statement: Buffer): Signature | undefined {
  if (lastStatement.equals(statement)) return lastSignature;
  const text = plain(statement);
  const found = RULES.find(
    (rule) =>
      (!rule.starts || rule.starts.some((word) => text.startsWith(word))) &&
      rule.words.some((words) => holds(text, words)),
  );
  if (statement.length <= REMEMBERED_BYTES) {
    lastStatement = Buffer.from(statement);
    lastSignature = found;
  }
  return found;
}

/** The short statement looked at last: tools say the same over and over. */
const REMEMBERED_BYTES = 128;
let lastStatement: Buffer = Buffer.from('\0');
let lastSignature: Signature | undefined;
