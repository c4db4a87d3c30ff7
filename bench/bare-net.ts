// A peer: what a connection costs in Node's `net` by itself. The same answer, in the two segments nginx sends a file in, to whoever
// sends anything; nothing is read, decided or logged. Run: node bench/bare-net.ts PORT
import { createServer } from 'node:net';

const HOST = '127.0.0.1';
const BACKLOG = 511;
const BODY = Buffer.from('1\n');
const HEAD = [
  'HTTP/1.1 200 OK',
  'Server: nginx/1.26.3',
  'Date: Mon, 23 Nov 2026 12:00:00 GMT',
  'Content-Type: text/plain',
  `Content-Length: ${BODY.length}`,
  'Last-Modified: Mon, 23 Nov 2026 12:00:00 GMT',
  'Connection: close',
  'ETag: "66f00000-2"',
  'Accept-Ranges: bytes',
  '\r\n',
].join('\r\n');

createServer((socket) => {
  socket.on('error', () => {}); // The client is gone.
  socket.on('data', () => {
    socket.write(HEAD, 'latin1');
    socket.write(BODY);
    socket.destroy();
  });
}).listen(Number(process.argv[2]), HOST, BACKLOG);
