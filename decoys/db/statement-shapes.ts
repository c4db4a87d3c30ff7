// What a statement's shape tells where no word does: tables read or changed from end to end, conditions of constants alone, a rest of the
// statement commented out. Source: https://owasp.org/www-community/attacks/SQL_Injection, sqlmap's boundaries, mysqldump's SELECTs.
import type { PlainStatement } from './statement-text.ts';

/** Schemas of the server itself: what is read there is not somebody's data. */
const OF_THE_SERVER = ['information_schema', 'performance_schema', 'from sys.', 'from mysql.', 'from dual'];
/** What narrows a SELECT to a few rows, or makes one of many. */
const NARROWS = [' group by ', ' for update', ' for share', ' lock in share mode'];
const AGGREGATES = ['count(', 'max(', 'min(', 'sum(', 'avg(', 'exists', 'distinct count('];
const READS = ['select ', 'select`', '(select ', 'table ', 'create table ', 'insert ', 'replace '];
/** A WHERE that all rows fulfil. */
const TRUE_FOR_ALL = /^(?:1|true|1 ?= ?1)(?:$| order | limit )/;

function includesAny(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}

/** A WHERE, and not one that all rows fulfil. */
function isNarrowed(text: string): boolean {
  const at = text.indexOf(' where ');
  return at >= 0 && !TRUE_FOR_ALL.test(text.slice(at + 7));
}

/** A SELECT or TABLE of all rows of a table that is not the server's. */
export function readsWholeTable({ own }: PlainStatement): boolean {
  if (!READS.some((word) => own.startsWith(word)) || includesAny(own, OF_THE_SERVER)) return false;
  if (own.startsWith('table ')) return !own.startsWith('table mysql.');
  if (own.startsWith('create table ') && own.includes(' as table ')) return true;
  const selects = own.indexOf('select ');
  const from = own.indexOf(' from ', selects);
  if (selects < 0 || from < 0 || own[from + 6] === '(') return false;
  const list = own.slice(selects + 7, from).trimStart();
  if (AGGREGATES.some((name) => list.startsWith(name))) return false;
  return !isNarrowed(own) && !includesAny(own, NARROWS) && !own.endsWith(' limit 1') && !own.endsWith(' limit 0');
}

/** An UPDATE or DELETE of all rows of a table. */
export function changesWholeTable({ own }: PlainStatement): boolean {
  return !isNarrowed(own) && !own.includes(' limit ');
}

/** Without these, no constants are compared. */
const COMPARES = /and|or|[|]{2}|&&|having|when|if\(|elt\(|make_set\(/;
/** What joins a condition to another that was there. */
const JOINS = [
  ' and ',
  ' or ',
  '||',
  '&&',
  ' having ',
  ' xor ',
  '|| ',
  ')and ',
  ')or ',
  ' when ',
  'if(',
  'elt(',
  'make_set(',
];
const NUMBER = /^[( ]*(?:not )?[( ]*\d+ ?(?:=|<|>|<>|!=| like | rlike | between ) ?\(?\d/;
const TEXT = /^[( ]*(['"])[^'"]{0,32}\1 ?(?:=|<|>|<>|!=| like | rlike ) ?\(?['"]/;
const TRUE = /^ ?(?:1|true)(?:$| ?[-#)]| limit )/;
/** Characters after a joining word that are looked at. */
const CONDITION_CHARACTERS = 80;
/** Joining words of one statement that are looked at. */
const MAX_CONDITIONS = 200;

/** A condition joined to another by AND or OR that compares constants, as no program writes it. */
export function comparesConstants({ text }: PlainStatement): boolean {
  if (!COMPARES.test(text)) return false;
  let looked = 0;
  for (const word of JOINS) {
    for (let at = text.indexOf(word); at >= 0 && looked < MAX_CONDITIONS; at = text.indexOf(word, at + 1)) {
      looked++;
      const condition = text.slice(at + word.length, at + word.length + CONDITION_CHARACTERS);
      if (NUMBER.test(condition) || TEXT.test(condition)) return true;
      if (word !== ' and ' && TRUE.test(condition)) return true;
    }
  }
  return false;
}

/** A query of somebody's table that asks one of the server's in a subquery, or adds its rows. */
export function asksTheServerToo({ own }: PlainStatement): boolean {
  const from = own.indexOf(' from ');
  if (from < 0 || own[from + 6] === '(') return false;
  const rest = own.slice(from);
  if (OF_THE_SERVER.some((name) => rest.startsWith(name, name.startsWith('from ') ? 1 : 6))) return false;
  const aside = rest.search(/\(select|union /);
  return aside >= 0 && includesAny(rest.slice(aside), ['information_schema.', 'performance_schema.', 'from mysql.']);
}

/** A table of one column, which holds a binary. */
const ONE_BLOB = /^create (?:temporary )?table [^(]{0,100}\( ?\w{1,64} (?:long|medium)?blob(?: not null)? ?\)/;

/** A table made to take a file's bytes in. */
export function keepsOneBlob({ own }: PlainStatement): boolean {
  return ONE_BLOB.test(own);
}

/** A comment of one short word, or with what it was to hide. */
const HIDES = /^(?:--|#|\/\*)[ +-]*(?:[a-z0-9]{0,8}$|.*['"()])/;
/** Characters of a comment that are looked at. */
const COMMENT_CHARACTERS = 200;

/** A condition or a list after which the rest of the statement is a comment. */
export function isCutOff({ text, cut }: PlainStatement): boolean {
  if (cut === undefined || !HIDES.test(cut.slice(0, COMMENT_CHARACTERS))) return false;
  return includesAny(text, [' where ', ' union ', ' order by ', ' group by ', ' having ', 'values']);
}
