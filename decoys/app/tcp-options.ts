// TCP options as fingerprints write them, `M1460,S,T,N,W7` (nmap-os-db's letters): RFC 9293 3.1, 7323, 2018.

const END = 0;
const NOP = 1;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const TIMESTAMPS = 8;

/** Letter of each option that has no value worth telling. */
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
  readonly mss: number | undefined;
  readonly windowScale: number | undefined;
  readonly sackPermitted: boolean;
  readonly timestamps: boolean;
  readonly text: string;
}

const NONE: TcpOptions = {
  mss: undefined,
  windowScale: undefined,
  sackPermitted: false,
  timestamps: false,
  text: '',
};

/** Reads the options between two offsets; a bad length ends the list with `!`. Never throws. */
export function readTcpOptions(data: Buffer, start: number, end: number): TcpOptions {
  if (end <= start) return NONE;
  let mss: number | undefined;
  let windowScale: number | undefined;
  let sackPermitted = false;
  let timestamps = false;
  const texts: string[] = [];
  let at = start;
  while (at < end) {
    const kind = data[at]!;
    if (kind === END) {
      texts.push('L');
      break;
    }
    if (kind === NOP) {
      texts.push('N');
      at++;
      continue;
    }
    const length = at + 1 < end ? data[at + 1]! : 0;
    if (length < 2 || at + length > end) {
      texts.push('!');
      break;
    }
    if (kind === MSS && length === 4) {
      mss = data.readUInt16BE(at + 2);
      texts.push(`M${mss}`);
    } else if (kind === WINDOW_SCALE && length === 3) {
      windowScale = data[at + 2]!;
      texts.push(`W${windowScale}`);
    } else {
      if (kind === SACK_PERMITTED) sackPermitted = true;
      if (kind === TIMESTAMPS) timestamps = true;
      texts.push(LETTERS.get(kind) ?? `?${kind}`);
    }
    at += length;
  }
  return { mss, windowScale, sackPermitted, timestamps, text: texts.join(',') };
}
