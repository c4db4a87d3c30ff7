// A peer: what Node itself costs. An HTTP server and a server that refuses MySQL logins, one JSON line on stdout each, nothing else.
// Run: node bench/bare-node.ts HTTP_PORT MYSQL_PORT
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';

const [httpPort = 0, mysqlPort = 0] = process.argv.slice(2).map(Number);
const HOST = '127.0.0.1';
const BODY = '1\n';

function log(fields: object): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`);
}

createHttpServer((request, response) => {
  const { method, url, headers, socket } = request;
  log({ source: { ip: socket.remoteAddress, port: socket.remotePort }, method, url, headers });
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': String(BODY.length) }).end(BODY);
}).listen(httpPort, HOST);

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, body]);
}

// HandshakeV10 and ERR_Packet of https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html.
let connections = 0;
createServer((socket) => {
  const salt = randomBytes(20);
  const id = Buffer.alloc(4);
  id.writeUInt32LE(++connections);
  const greeting = [
    ...[
      Buffer.from('\n9.7.0\0', 'latin1'),
      id,
      salt.subarray(0, 8),
      Buffer.from([0, 0xff, 0xf7, 255, 2, 0, 0xff, 0xdf, 21]),
    ],
    ...[Buffer.alloc(10), salt.subarray(8), Buffer.from('\0caching_sha2_password\0', 'latin1')],
  ];
  socket.setNoDelay();
  socket.write(packet(0, Buffer.concat(greeting)));
  socket.once('data', (bytes: Buffer) => {
    const user = bytes.toString('latin1', 36, bytes.indexOf(0, 36));
    log({ source: { ip: socket.remoteAddress, port: socket.remotePort }, user, salt: salt.toString('hex') });
    const text = `Access denied for user '${user}'`;
    socket.end(packet(2, Buffer.concat([Buffer.from([0xff, 0x15, 4]), Buffer.from(`#28000${text}`)])));
  });
  socket.on('error', () => {}); // The client is gone; it has been noted.
}).listen(mysqlPort, HOST);
