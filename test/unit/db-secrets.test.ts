// LOG_CREDENTIALS=false: passwords in statements are hidden, everything else stays evidence.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hideSecrets } from '../../decoys/db/hide-secrets.ts';

it.each([
  ["CREATE USER x IDENTIFIED BY 'hunter2'", "CREATE USER x IDENTIFIED BY '***'"],
  ["set password for 'a'@'%' = \"it''s\\\"mine\"", "set password for '***'@'***' = '***'"],
  [
    "ALTER USER u IDENTIFIED WITH sha256_password AS 'x''y' REQUIRE SSL",
    "ALTER USER u IDENTIFIED WITH sha256_password AS '***' REQUIRE SSL",
  ],
  ["UPDATE mysql.user SET authentication_string='half", "UPDATE mysql.user SET authentication_string='***'"],
  ["SELECT 'not secret'", "SELECT 'not secret'"],
])('%s', (statement, shown) => {
  expect(hideSecrets(statement)).toBe(shown);
});

it('no text in quotes is left of a statement that names a password', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom("'", '"'), (secret, quote) => {
      const text = `zq${secret.replaceAll('\\', '\\\\').replaceAll(quote, quote + quote)}qz`;
      expect(hideSecrets(`SET PASSWORD = ${quote}${text}${quote} -- end`)).toBe("SET PASSWORD = '***' -- end");
    }),
  );
});
