// What is told of a routine between its parameters and its body, and the text of one in another language than SQL.
// Source: https://dev.mysql.com/doc/refman/9.7/en/create-procedure.html, create-library.html
import type { RoutineTraits } from '../ast/routine.ts';
import type { Cursor } from './cursor.ts';
import { parseRoutineName } from './names.ts';

export const PLAIN_TRAITS: RoutineTraits = {
  deterministic: false,
  access: 'CONTAINS SQL',
  security: 'DEFINER',
  comment: '',
  language: 'SQL',
  libraries: [],
};

const ACCESS = [
  ['NO', 'SQL'],
  ['CONTAINS', 'SQL'],
  ['READS', 'SQL', 'DATA'],
  ['MODIFIES', 'SQL', 'DATA'],
];

type Given = { -readonly [K in keyof RoutineTraits]?: RoutineTraits[K] };

/** USING (library AS alias, …). */
function parseLibraries(c: Cursor): (readonly [string, string, string])[] {
  return c.parenthesised(() =>
    c.list(() => {
      const { schema, name } = parseRoutineName(c);
      const alias = c.accept('AS') ? c.name() : '';
      return [schema, name, alias] as const;
    }),
  );
}

/** Those that were said, the last of each. ALTER may not say DETERMINISTIC. */
export function parseTraits(c: Cursor, alters = false): Partial<RoutineTraits> {
  const given: Given = {};
  for (;;) {
    const access = ACCESS.find((words) => c.acceptAll(...words));
    if (access) given.access = access.join(' ');
    else if (!alters && c.accept('DETERMINISTIC')) given.deterministic = true;
    else if (!alters && c.acceptAll('NOT', 'DETERMINISTIC')) given.deterministic = false;
    else if (c.accept('LANGUAGE')) given.language = (c.is('SQL') ? c.advance().text : c.name()).toUpperCase();
    else if (c.accept('COMMENT')) given.comment = c.string();
    else if (c.acceptAll('SQL', 'SECURITY')) {
      const word = c.acceptOne('DEFINER', 'INVOKER');
      if (!word) throw c.fail();
      given.security = word as RoutineTraits['security'];
    } else if (!alters && c.accept('USING')) given.libraries = parseLibraries(c);
    else return given;
  }
}

/** AS 'text' or AS $$text$$, as bytes held as latin1. */
export function parseForeignBody(c: Cursor): string {
  c.expect('AS');
  if (c.token.kind !== 'dollar' && c.token.kind !== 'string') throw c.fail();
  return c.advance().text;
}
