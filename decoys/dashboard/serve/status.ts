// The counters nginx keeps (ngx_http_stub_status_module), kept for real, and the page it shows them on.
import type { Reply } from '../http/reply.ts';

export interface Counters {
  active: number;
  accepted: number;
  requests: number;
  reading: number;
  writing: number;
  waiting: number;
}

export function newCounters(): Counters {
  return { active: 0, accepted: 0, requests: 0, reading: 0, writing: 0, waiting: 0 };
}

export function statusPage(counters: Counters): Reply {
  const { active, accepted, requests, reading, writing, waiting } = counters;
  const body = Buffer.from(
    `Active connections: ${active} \nserver accepts handled requests\n ${accepted} ${accepted} ${requests} \nReading: ${reading} Writing: ${writing} Waiting: ${waiting} \n`,
    'latin1',
  );
  const type = 'text/plain';
  return {
    status: 200,
    before: `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n`,
    after: '',
    body: [body],
    file: false,
    bytes: body.length,
    type,
  };
}
