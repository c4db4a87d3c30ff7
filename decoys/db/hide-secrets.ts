// LOG_CREDENTIALS=false: a statement that sets or tells a password is recorded without its quoted texts.

/** Words after which a quoted text may be a password (MySQL manual: CREATE USER, ALTER USER, SET PASSWORD, CHANGE REPLICATION SOURCE). */
const SECRET_WORDS = /identified|password|authentication_string|auth_string/i;
const HIDDEN = "'***'";

/** The statement with each '…' and "…" replaced where it names a password; one pass, a text without an end hides the rest. */
export function hideSecrets(statement: string): string {
  if (!SECRET_WORDS.test(statement)) return statement;
  let out = '';
  let at = 0;
  while (at < statement.length) {
    const character = statement[at]!;
    if (character !== "'" && character !== '"') {
      out += character;
      at++;
      continue;
    }
    at = endOfText(statement, at);
    out += HIDDEN;
  }
  return out;
}

/** The index after the text that begins at `from`: a doubled quote and a backslash stay inside it. */
function endOfText(statement: string, from: number): number {
  const quote = statement[from];
  let at = from + 1;
  while (at < statement.length) {
    if (statement[at] === '\\') at += 2;
    else if (statement[at] !== quote) at++;
    else if (statement[at + 1] === quote) at += 2;
    else return at + 1;
  }
  return statement.length;
}
