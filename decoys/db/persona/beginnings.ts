// When what every server begins with was made: its data directory, what its first run adds, what each start makes anew.
// Source: create and update times of a fresh 9.7.4, started, stopped and started again as a container's entry point does.

/** How long before a server's start its data directory was initialized, in ms. */
export const INITIALIZED_MS = 11_000;
/** How long before it the server ran first, to be made ready, in ms. */
export const FIRST_RUN_MS = 8_000;
/** How long before it root was let in from anywhere, in ms. */
export const OPENED_MS = 6_000;

/** The day the data was recorded on; times of it stand for the same moment in the life of this server. */
const RECORDED = /"2026-11-23 (\d\d):\d\d:\d\d(\.\d+)?"/g;
/** The hour the recorded server was initialized in; it was started in later ones. */
const INITIALIZED_HOUR = '06';

let startedMs = 0;

/** How much slower than the recorded one this server's machine is, in thousandths. */
let pace = 1_000;

/** From here on recorded rows tell the times of a server that started then, in ms since 1970; called once, before anything is read. */
export function beginAt(ms: number): void {
  startedMs = ms;
  pace = 850 + Number((BigInt(ms) * 2_654_435_761n) % 401n);
}

/** Rows as JSON with the recorded server's times moved to those of this one, as precise as they were. */
export function ownTimes(json: string): string {
  return json.replace(RECORDED, (_, hour: string, fraction: string | undefined) => {
    const ms = hour === INITIALIZED_HOUR ? startedMs - INITIALIZED_MS : startedMs;
    const text = new Date(ms).toISOString().replace('T', ' ');
    const more =
      fraction === undefined
        ? ''
        : (text.slice(19, 23) + String(startedMs % 997).padStart(3, '0')).slice(0, fraction.length);
    return `"${text.slice(0, 19)}${more}"`;
  });
}

/** A recorded duration, in picoseconds, as this server's machine takes it. */
export function ownDuration(picoseconds: string): string {
  return /^[1-9]\d*$/.test(picoseconds) ? String((BigInt(picoseconds) * BigInt(pace)) / 1_000n) : picoseconds;
}

/** Made from dictionary tables at once; InnoDB's others come with its plugin, when the server first runs. */
const OF_DICTIONARY = /^INNODB_(DATAFILES|FIELDS|FOREIGN|FOREIGN_COLS|TABLESPACES_BRIEF)$/;

/** When a table of the server's was made, in ms since 1970, for one that started at `atMs`. */
export function systemTableMadeMs(schema: string, table: string, atMs: number): number {
  if (schema === 'performance_schema' && table === 'innodb_redo_log_files') return atMs;
  const ofPlugin = schema === 'information_schema' && table.startsWith('INNODB_') && !OF_DICTIONARY.test(table);
  return atMs - (ofPlugin ? FIRST_RUN_MS : INITIALIZED_MS);
}
