// What a statement is for, where words in it tell: tables of rules with their ATT&CK techniques; the first that fits names the intent.
// Source: https://attack.mitre.org, https://book.hacktricks.xyz's checklist for MySQL, and bots' published statements.
import { ACCOUNTS_AND_DAMAGE } from './signatures/accounts-and-damage.ts';
import { CODE_AND_FILES } from './signatures/code-and-files.ts';
import { INJECTION } from './signatures/injection.ts';
import type { Rule } from './signatures/rule.ts';
import { STAYING_AND_LOOKING } from './signatures/staying-and-looking.ts';

export const RULES: readonly Rule[] = [...CODE_AND_FILES, ...ACCOUNTS_AND_DAMAGE, ...INJECTION, ...STAYING_AND_LOOKING];
