import { BOMBS } from '../../test/protocol/db/bombs.ts';
import { command, query, say, times } from './saying.ts';
import {
  allAtOnce,
  compressedBombs,
  connectedSources,
  FUZZED,
  fuzz,
  halfMessages,
  handshakes,
  hoards,
  IDLE,
  idle,
  inPieces,
  longData,
  longPackets,
  slowReaders,
  sources,
} from './wire-attacks.ts';

const COM_PREPARE = 22;

export interface Attack {
  readonly name: string;
  readonly run: (port: number) => Promise<void>;
}

export const ATTACKS: readonly Attack[] = [
  { name: '12 packets of 16 MB before a login', run: (port) => longPackets(port, 12, 0xffffff) },
  { name: '50 packets of 5 MB before a login', run: (port) => longPackets(port, 50, 5_000_000) },
  { name: `${FUZZED} fuzzed sessions`, run: fuzz },
  { name: `${IDLE} idle connections, which stay`, run: idle },
  ...BOMBS.map(
    ({ name, statements }): Attack => ({
      name,
      run: (port) => say(port, '127.2.0.1', (Array.isArray(statements) ? statements : [...statements]).map(query)),
    }),
  ),
  {
    name: 'all of these at once',
    run: async (port) => {
      await Promise.all(BOMBS.map(({ statements }, at) => say(port, `127.2.1.${1 + at}`, [...statements].map(query))));
    },
  },
  { name: 'statements in pieces of one byte', run: inPieces },
  { name: '140 connections that take no reply', run: slowReaders },
  {
    name: 'prepared statements of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        for (let count = 0; count < 300; count++)
          socket.write(command(COM_PREPARE, `select "${'p'.repeat(60_000)}", ${'?,'.repeat(1_000)}1`));
      }),
  },
  {
    name: 'long data of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        socket.write(command(COM_PREPARE, 'select ?'));
        for (let count = 0; count < 6; count++) socket.write(longData(60_000));
      }),
  },
  {
    name: 'variables of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        for (let count = 0; count < 3; count++) socket.write(query(`set @v${count} = repeat("v",330000)`));
        socket.write(
          query(`set sql_mode = "", init_connect = repeat("x",500000), @@session.character_set_results = utf8mb4`),
        );
        socket.write(query('prepare kept from "select 1"'));
      }),
  },
  {
    name: 'cursors of 140 connections',
    run: (port) =>
      hoards(port, (socket) => {
        for (let id = 1; id <= 8; id++) {
          socket.write(command(COM_PREPARE, 'select * from information_schema.columns'));
          const execute = Buffer.alloc(9);
          execute.writeUInt32LE(id, 0);
          execute[4] = 1;
          execute.writeUInt32LE(1, 5);
          socket.write(command(23, execute));
        }
      }),
  },
  {
    name: 'transactions of 140 connections',
    run: (port) =>
      hoards(port, (socket, at) => {
        socket.write(query('create database if not exists bomb'));
        socket.write(query(`create table if not exists bomb.undo (a int, b varchar(200))`));
        socket.write(query('begin'));
        socket.write(query(`insert into bomb.undo values ${times(1_000, (row) => `(${row},"${at}")`).join(',')}`));
        for (let count = 0; count < 60; count++)
          socket.write(query(`update bomb.undo set b = "${count}${'u'.repeat(150)}" limit 300`));
      }),
  },
  { name: 'half messages of 140 connections', run: (port) => halfMessages(port, false) },
  { name: 'half compressed messages of 140 connections', run: (port) => halfMessages(port, true) },
  { name: 'compressed frames that hold a thousand times themselves', run: compressedBombs },
  { name: '120 TLS handshakes at once', run: handshakes },
  { name: '140 connections with heavy statements at once', run: allAtOnce },
  { name: '1,000 sources, each with all it may keep', run: sources },
  { name: '180 connected sources, each with all it may keep', run: connectedSources },
];
