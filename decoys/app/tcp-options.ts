// TCP options: what fingerprints look at, and the text they are written in, `M1460,S,T,N,W7` (nmap-os-db's letters).
// RFC 9293 3.1, 7323, 2018.

const END = 0;
const NOP = 1;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const TIMESTAMPS = 8;

/** Letters of each option whose value is not worth telling. */
const LETTERS = new Map([
  [SACK_PERMITTED, 'S'],
  [5, 'SACK'],
  [TIMESTAMPS, 'T'],
  [19, 'MD5'],
  [29, 'AO'],
  [30, 'MPTCP'],
  [34, 'TFO'],
]);

export interface TcpOptions {
  /** 0 where there is none. */
  readonly mss: number;
  /** The shift; undefined where windows are not scaled. */
  readonly windowScale: number | undefined;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
}

/** Length of the option at an offset; 0 where it is broken. */
function lengthAt(data: Buffer, at: number, end: number): number {
  const kind = data[at]!;
  if (kind === END || kind === NOP) return 1;
  const length = at + 1 < end ? data[at + 1]! : 0;
  return length < 2 || at + length > end ? 0 : length;
}

/** Reads the options between two offsets, as far as they are sound. Never throws. */
export function readTcpOptions(data: Buffer, start: number, end: number): TcpOptions {
  const found = { mss: 0, windowScale: undefined as number | undefined, sackPermitted: false, timestamps: false };
  for (let at = start; at < end && data[at] !== END; ) {
    const length = lengthAt(data, at, end);
    if (length === 0) break;
    const kind = data[at]!;
    if (kind === MSS && length === 4) found.mss = data.readUInt16BE(at + 2);
    else if (kind === WINDOW_SCALE && length === 3) found.windowScale = data[at + 2]!;
    else if (kind === SACK_PERMITTED) found.sackPermitted = true;
    else if (kind === TIMESTAMPS) found.timestamps = true;
    at += length;
  }
  return found;
}

/** The options in words of a letter; a broken one ends them with `!`. */
export function tcpOptionsText(data: Buffer, start: number, end: number): string {
  const texts: string[] = [];
  for (let at = start; at < end; ) {
    const length = lengthAt(data, at, end);
    if (length === 0) {
      texts.push('!');
      break;
    }
    texts.push(optionText(data, at, length));
    if (data[at] === END) break;
    at += length;
  }
  return texts.join(',');
}

function optionText(data: Buffer, at: number, length: number): string {
  const kind = data[at]!;
  if (kind === END) return 'L';
  if (kind === NOP) return 'N';
  if (kind === MSS && length === 4) return `M${data.readUInt16BE(at + 2)}`;
  if (kind === WINDOW_SCALE && length === 3) return `W${data[at + 2]}`;
  return LETTERS.get(kind) ?? `?${kind}`;
}
