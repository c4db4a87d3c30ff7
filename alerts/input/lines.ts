// Bytes → lines, with a cap: a line that does not end costs no more than its cap in memory and is counted as one foreign line.
import { INPUT_LINE_BYTES } from './read-line.ts';

export interface LineSplitter {
  push(bytes: Uint8Array): void;
  /** Gives the last line, where it had no newline. */
  end(): void;
}

const NEWLINE = 0x0a;

/**
 * Calls `onLine` with each line and the bytes pushed up to its end, its newline included; a longer one than the cap
 * arrives cut, so that it is read as foreign.
 */
export function splitLines(
  onLine: (text: string, endBytes: number) => void,
  capBytes = INPUT_LINE_BYTES,
): LineSplitter {
  let pushedBytes = 0;
  let kept: Buffer[] = [];
  let keptBytes = 0;

  function keep(bytes: Buffer): void {
    const room = capBytes + 1 - keptBytes;
    if (room <= 0) return;
    const part = bytes.subarray(0, room);
    kept.push(Buffer.from(part));
    keptBytes += part.length;
  }

  function emit(endBytes: number): void {
    const text = kept.length === 1 ? kept[0]!.toString('utf8') : Buffer.concat(kept).toString('utf8');
    kept = [];
    keptBytes = 0;
    onLine(text, endBytes);
  }

  return {
    push(bytes) {
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let from = 0;
      for (let at = buffer.indexOf(NEWLINE); at >= 0; at = buffer.indexOf(NEWLINE, from)) {
        const endBytes = pushedBytes + at + 1;
        if (keptBytes === 0) onLine(buffer.toString('utf8', from, Math.min(at, from + capBytes + 1)), endBytes);
        else {
          keep(buffer.subarray(from, at));
          emit(endBytes);
        }
        from = at + 1;
      }
      if (from < buffer.length) keep(buffer.subarray(from));
      pushedBytes += buffer.length;
    },
    end() {
      if (keptBytes > 0) emit(pushedBytes);
    },
  };
}
