// The counters nginx keeps (ngx_http_stub_status_module), kept for real, and the page it shows them on.
import { errorPage, type PageOptions } from '../http/error-page.ts';
import type { Head } from '../http/head.ts';
import type { Reply } from '../http/reply.ts';
import { weighConditions } from './conditions.ts';

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

const NOT_MODIFIED: Reply = {
  status: 304,
  before: '',
  after: '',
  body: [],
  file: false,
  bytes: 0,
  type: undefined,
};

/** The page, or what nginx's conditions make of a request for something without date or tag. */
export function sendStatus(counters: Counters, { known }: Head, page: PageOptions): Reply {
  const condition = weighConditions(known, { etag: undefined, modified: undefined });
  if (condition === 412) return errorPage(412, { ...page, closes: true });
  return condition === 304 ? NOT_MODIFIED : statusPage(counters);
}

function statusPage(counters: Counters): Reply {
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
