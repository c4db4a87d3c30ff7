// What a location answers, before framing: the header lines in nginx's order, and the body in the pieces it leaves in.

export interface Reply {
  readonly status: number;
  /** Lines after Date and before Connection, each ending in CRLF. */
  readonly before: string;
  /** Lines after Connection. */
  readonly after: string;
  /** nginx sends files in a segment of their own, everything else together with the header. */
  readonly body: readonly Buffer[];
  readonly file: boolean;
  /** The body as latin1 text, where it is short and sent often. */
  readonly text?: string;
  /** Body bytes; what Content-Length says. */
  readonly bytes: number;
  /** Media type, for the touch. */
  readonly type: string | undefined;
  /** The connection ends after this reply though its header says keep-alive (nginx does so after a failed precondition). */
  readonly closes?: boolean;
}

/** The software named in `Server` and at the foot of error pages. */
export const SERVER = 'nginx/1.26.3';

/** Status lines as nginx words them. */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Not Allowed',
  412: 'Precondition Failed',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  416: 'Requested Range Not Satisfiable',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  504: 'Gateway Time-out',
  505: 'HTTP Version Not Supported',
};

export function reasonOf(status: number): string {
  return REASONS[status] ?? '';
}

/** `statusText` is what an upstream said, which nginx passes on. */
export function renderHead(
  reply: Reply,
  date: string,
  keepAlive: boolean,
  statusText = reasonOf(reply.status),
): string {
  return `HTTP/1.1 ${reply.status} ${statusText}\r\nServer: ${SERVER}\r\nDate: ${date}\r\n${reply.before}Connection: ${
    keepAlive ? 'keep-alive' : 'close'
  }\r\n${reply.after}\r\n`;
}
