// Connects to HOST:PORT every 25 ms for MS, each time from the next of COUNT addresses beside FIRST; prints how often in the end.
import { connect } from 'node:net';

const [host, port, first, count, ms] = process.argv.slice(2);
const end = Date.now() + Number(ms);
let made = 0;

const timer = setInterval(() => {
  if (Date.now() > end) {
    clearInterval(timer);
    setTimeout(() => {
      console.log(made);
      process.exit(0);
    }, 1_000);
    return;
  }
  const localAddress = first.replace(/\d+$/, String(10 + (made % Number(count))));
  const socket = connect({ host, port: Number(port), localAddress });
  const path = `/${made++}`;
  socket.on('error', () => {});
  socket.on('connect', () => socket.end(`GET ${path} HTTP/1.0\r\n\r\n`));
  socket.setTimeout(5_000, () => socket.destroy());
}, 25);
