// Commands other than statements, counted by source as performance_schema tells them: statement/com/….
// Source: https://dev.mysql.com/doc/refman/9.7/en/performance-schema-statement-tables.html
import type { CommandName } from '../wire/constants.ts';

/** Names of the instruments behind statement/com/; a command that has none is told as an error. */
const INSTRUMENTS: Readonly<Partial<Record<CommandName, string>>> = {
  COM_QUIT: 'Quit',
  COM_INIT_DB: 'Init DB',
  COM_FIELD_LIST: 'Field List',
  COM_STATISTICS: 'Statistics',
  COM_DEBUG: 'Debug',
  COM_PING: 'Ping',
  COM_CHANGE_USER: 'Change user',
  COM_BINLOG_DUMP: 'Binlog Dump',
  COM_BINLOG_DUMP_GTID: 'Binlog Dump GTID',
  COM_REGISTER_SLAVE: 'Register Replica',
  COM_STMT_PREPARE: 'Prepare',
  COM_STMT_EXECUTE: 'Execute',
  COM_STMT_SEND_LONG_DATA: 'Long Data',
  COM_STMT_CLOSE: 'Close stmt',
  COM_STMT_RESET: 'Reset stmt',
  COM_STMT_FETCH: 'Fetch',
  COM_SET_OPTION: 'Set option',
  COM_RESET_CONNECTION: 'Reset Connection',
};

export class CountedCommands {
  /** By instrument: no more than there are names above. */
  readonly #counts = new Map<string, number>();

  count(command: CommandName | undefined): void {
    const name = `statement/com/${(command && INSTRUMENTS[command]) ?? 'Error'}`;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  /** Instruments and how often each was asked for. */
  entries(): IterableIterator<[string, number]> {
    return this.#counts.entries();
  }
}
