// Definitions as SHOW CREATE tells them: names in the quotes sql_mode and sql_quote_show_create ask for.
// Source: https://dev.mysql.com/doc/refman/9.7/en/sql-mode.html (ANSI_QUOTES), server-system-variables.html#sysvar_sql_quote_show_create
import { isReserved } from '../sql/parse/words.ts';
import type { Session } from './session.ts';

const PLAIN = /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/;

/** Past the end of the quoted part that begins at `from`; a doubled quote is part of it. */
function endOfQuoted(text: string, from: number): number {
  const quote = text[from] as string;
  let at = text.indexOf(quote, from + 1);
  while (at >= 0 && text[at + 1] === quote) at = text.indexOf(quote, at + 2);
  return at < 0 ? text.length : at + 1;
}

function nameAsAsked(quoted: string, session: Session): string {
  const name = quoted.slice(1, -1).replace(/``/g, '`');
  const bare = session.readVariable('sql_quote_show_create', '').value === 0n;
  if (bare && PLAIN.test(name) && !isReserved(name.toUpperCase())) return name;
  return session.sqlMode().includes('ANSI_QUOTES') ? `"${name.replace(/"/g, '""')}"` : quoted;
}

/** A definition that has its names in backticks, told as the session asks for it; texts in it stay as they are. */
export function withNamesAsAsked(text: string, session: Session): string {
  const usual = session.readVariable('sql_quote_show_create', '').value !== 0n;
  if (usual && !session.sqlMode().includes('ANSI_QUOTES')) return text;
  let out = '';
  let from = 0;
  for (let at = 0; at < text.length; ) {
    if (text[at] !== '`' && text[at] !== "'") {
      at++;
      continue;
    }
    const end = endOfQuoted(text, at);
    if (text[at] === '`') {
      out += text.slice(from, at) + nameAsAsked(text.slice(at, end), session);
      from = end;
    }
    at = end;
  }
  return out + text.slice(from);
}

/** Under sql_mode ANSI a table is told without the options that are the server's own. */
export function tellsOptions(session: Session): boolean {
  return !session.sqlMode().split(',').includes('ANSI');
}
