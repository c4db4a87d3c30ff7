// Routines as SHOW CREATE writes them.
// Source: https://dev.mysql.com/doc/refman/9.7/en/show-create-procedure.html, show-create-event.html; texts as seen from 9.7.4.
import type { EventFacts, Routine } from '../overlay/routine.ts';
import type { RoutineTraits } from '../sql/ast/routine.ts';
import { decode } from '../sql/parse/cursor.ts';
import { quoteName } from '../sql/quote-name.ts';
import { findCharset } from '../sql/value/charset.ts';
import { fromMs } from '../sql/value/temporal.ts';
import { databaseColumn } from './statements/locals.ts';

function quotedComment(text: string): string {
  return `'${text.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`;
}

/** A type as RETURNS tells it. */
function returnsText({ returns, under }: Routine): string {
  if (!returns) return '';
  const { columnType, charset, collation } = databaseColumn('', returns, under.database);
  if (charset === '') return ` RETURNS ${columnType}`;
  const told = findCharset(charset)?.defaultCollation === collation ? '' : ` COLLATE ${collation}`;
  return ` RETURNS ${columnType} CHARSET ${charset}${told}`;
}

function librariesText({ libraries }: RoutineTraits, schema: string): string[] {
  if (libraries.length === 0) return [];
  const told = libraries.map(([from, name, alias]) => {
    const library = `${quoteName(from || schema)}.${quoteName(name)}`;
    return alias === '' ? library : `${library} AS ${quoteName(alias)}`;
  });
  return [`USING (${told.join(', ')})`];
}

function traitLines({ traits, schema }: Routine): string {
  const lines = [
    ...(traits.access === 'CONTAINS SQL' ? [] : [traits.access]),
    ...(traits.deterministic ? ['DETERMINISTIC'] : []),
    ...(traits.language === 'SQL' ? [] : [`LANGUAGE ${traits.language}`]),
    ...(traits.security === 'INVOKER' ? ['SQL SECURITY INVOKER'] : []),
    ...(traits.comment === '' ? [] : [`COMMENT ${quotedComment(traits.comment)}`]),
    ...librariesText(traits, schema),
  ];
  return lines.map((line) => `    ${line}\n`).join('');
}

/** The body as it was written. */
function bodyText({ body, traits }: Routine): string {
  const text = decode(body);
  return traits.language === 'SQL' ? text : `AS ${dollars(text)}${text}${dollars(text)}`;
}

/** A quote of dollars the text does not hold itself. */
function dollars(text: string): string {
  let tag = '$$';
  for (let at = 1; text.includes(tag); at++) tag = `$q${at}$`;
  return tag;
}

function moment(ms: number, offsetMs: number): string {
  return `'${fromMs(ms + offsetMs, 'datetime')}'`;
}

const STATUSES: Readonly<Record<string, string>> = {
  ENABLED: 'ENABLE',
  DISABLED: 'DISABLE',
  REPLICA_SIDE_DISABLED: 'DISABLE ON REPLICA',
};

function eventText({ schedule, preserve, status }: EventFacts, comment: string, offsetMs: number): string {
  const when =
    'atMs' in schedule
      ? `AT ${moment(schedule.atMs, offsetMs)}`
      : `EVERY ${schedule.value} ${schedule.unit} STARTS ${moment(schedule.startsMs, offsetMs)}${schedule.endsMs === undefined ? '' : ` ENDS ${moment(schedule.endsMs, offsetMs)}`}`;
  const told = comment === '' ? '' : ` COMMENT ${quotedComment(comment)}`;
  return ` ON SCHEDULE ${when} ON COMPLETION ${preserve ? '' : 'NOT '}PRESERVE ${STATUSES[status]}${told} DO `;
}

/** The statement that would make it again. `offsetMs` is how far the session's zone is ahead of UTC. */
export function createText(routine: Routine, offsetMs: number): string {
  const { type, name, definer, moment: when, table, event, parametersText } = routine;
  if (type === 'LIBRARY') return `CREATE LIBRARY ${quoteName(name)}\n${traitLines(routine)}${bodyText(routine)}`;
  const head = `CREATE DEFINER=${definer.map(quoteName).join('@')} ${type} ${quoteName(name)}`;
  if (event) return `${head}${eventText(event, routine.traits.comment, offsetMs)}${bodyText(routine)}`;
  if (when) return `${head} ${when.timing} ${when.event} ON ${quoteName(table)} FOR EACH ROW ${bodyText(routine)}`;
  return `${head}(${parametersText})${returnsText(routine)}\n${traitLines(routine)}${bodyText(routine)}`;
}
