// What the alerts of a bench are sent to: one HTTP server for Alertmanager, webhooks and chats, one for syslog over TCP.
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { createInterface } from 'node:readline';

const ADDRESS = /10\.\d+\.\d+\.\d+/;

/** One receiver for all: notes when the first word of each source came, by output. */
export async function receivers(arrived: (output: string, source: string) => void) {
  const http = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    request.on('end', () => {
      response.end('ok');
      const output = (request.url ?? '').split('/')[1] ?? '';
      const found =
        output === 'alertmanager' ? text.matchAll(/"source_ip":"([^"]+)"/g) : [[text, ADDRESS.exec(text)?.[0] ?? '']];
      for (const [, source = ''] of found) arrived(output, source);
    });
  });
  const tcp = createTcpServer((socket) => {
    createInterface({ input: socket }).on('line', () => {});
    let rest = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      rest += part;
      for (
        let frame = /^(\d+) /.exec(rest);
        frame && rest.length >= frame[0].length + Number(frame[1]);
        frame = /^(\d+) /.exec(rest)
      ) {
        const end = frame[0].length + Number(frame[1]);
        arrived('syslog', /"source":\{"ip":"([^"]+)"/.exec(rest.slice(0, end))?.[1] ?? '');
        rest = rest.slice(end);
      }
    });
    socket.on('error', () => {}); // The program has ended.
  });
  const port = async (server: typeof http | typeof tcp) => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  return { url: `http://127.0.0.1:${await port(http)}`, syslogPort: await port(tcp), http, tcp };
}
