// What has come of a message that did not come at once: in blocks of its own, so that of what a socket delivered nothing stays, however small
// the pieces. A message longer than is kept whole, or than there is room for beside others, keeps its head and tail, its length and the
// sha256 of all of it.
import { createHash, type Hash } from 'node:crypto';
import { MESSAGE_CROWDED_HEAD_BYTES, MESSAGE_HEAD_BYTES, MESSAGE_KEPT_BYTES, MESSAGE_TAIL_BYTES } from '../limits.ts';

/** What a piece a socket delivered takes beside its bytes, in bytes, for as long as it is kept as it came. */
export const PIECE_BYTES = 256;

/** Bytes all readers together may keep; each books what it holds. */
export class MessageBudget {
  #held = 0;
  readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get held(): number {
    return this.#held;
  }

  book(bytes: number): boolean {
    if (this.#held + bytes > this.limit) return false;
    this.#held += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#held -= bytes;
  }
}

/** A message that came to its end. */
export interface WholeMessage {
  /** The whole payload, or head and tail of a long one. */
  readonly payload: Buffer;
  readonly bytes: number;
  readonly truncated: boolean;
  /** Hex; only where truncated, whoever has the whole can hash it. */
  readonly sha256: string | undefined;
}

const EMPTY = Buffer.alloc(0);

export class HeldMessage {
  /** Bytes of a message kept whole. */
  keptBytes = MESSAGE_KEPT_BYTES;
  readonly #budget: MessageBudget;
  /** Of MESSAGE_HEAD_BYTES each, the last of what is still to come; of a long message the head alone. */
  #blocks: Buffer[] = [];
  /** Bytes of the last block that are filled. */
  #filled = 0;
  #booked = 0;
  #total = 0;
  #hash: Hash | undefined;
  #tail = EMPTY;
  #tailFilled = 0;

  constructor(budget: MessageBudget) {
    this.#budget = budget;
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#total;
  }

  /** Takes a part; `coming` is how many bytes of the same packet are still to come. */
  add(part: Buffer, coming: number): void {
    this.#total += part.length;
    let at = 0;
    while (at < part.length && !this.#hash) {
      if (this.#room === 0 && !this.#makeRoom(part.length - at + coming)) break;
      at += this.#fill(part, at);
    }
    if (at === part.length) return;
    const beyond = part.subarray(at);
    this.#hash?.update(beyond);
    const inHead = this.#room > 0 ? this.#fill(beyond, 0) : 0;
    this.#keepTail(beyond.subarray(inHead));
  }

  get #room(): number {
    return (this.#blocks.at(-1)?.length ?? 0) - this.#filled;
  }

  #fill(part: Buffer, at: number): number {
    const count = part.copy(this.#blocks.at(-1) as Buffer, this.#filled, at);
    this.#filled += count;
    return count;
  }

  /** Books a block for so many bytes, or as many as a block has; false where the message is kept as head and tail from here on. */
  #makeRoom(wanted: number): boolean {
    const bytes = Math.min(MESSAGE_HEAD_BYTES, wanted);
    const kept = this.#blocks.length * MESSAGE_HEAD_BYTES;
    if (kept + bytes > this.keptBytes || !this.#budget.book(bytes)) {
      this.#toHeadAndTail(Math.min(MESSAGE_CROWDED_HEAD_BYTES, wanted));
      return false;
    }
    this.#booked += bytes;
    this.#blocks.push(Buffer.allocUnsafeSlow(bytes));
    this.#filled = 0;
    return true;
  }

  /** The first block is the head; without one there is no room, and the head is a short one. */
  #toHeadAndTail(shortHead: number): void {
    const hash = createHash('sha256');
    this.#hash = hash;
    this.#tail = Buffer.allocUnsafeSlow(MESSAGE_TAIL_BYTES);
    for (const block of this.#blocks) hash.update(block);
    const [head, ...others] = this.#blocks;
    const last = others.at(-1);
    if (last) this.#keepTail(last);
    const heldBytes = head ? head.length : 0;
    this.#budget.release(this.#booked - heldBytes);
    this.#booked = heldBytes;
    this.#blocks = [head ?? Buffer.allocUnsafeSlow(shortHead)];
    this.#filled = heldBytes;
  }

  #keepTail(bytes: Buffer): void {
    const end = bytes.subarray(-MESSAGE_TAIL_BYTES);
    const stays = Math.min(this.#tailFilled, MESSAGE_TAIL_BYTES - end.length);
    this.#tail.copyWithin(0, this.#tailFilled - stays, this.#tailFilled);
    end.copy(this.#tail, stays);
    this.#tailFilled = stays + end.length;
  }

  /** What has come so far, of a long message its head. */
  parts(): Buffer[] {
    return this.#blocks.map((block, at) => (at === this.#blocks.length - 1 ? block.subarray(0, this.#filled) : block));
  }

  /** The message, which has come to its end; another may begin. */
  end(): WholeMessage {
    const parts = this.parts();
    if (this.#hash) parts.push(this.#tail.subarray(0, this.#tailFilled));
    const message = {
      payload: parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts),
      bytes: this.#total,
      truncated: this.#hash !== undefined,
      sha256: this.#hash?.digest('hex'),
    };
    this.release();
    return message;
  }

  /** Forgets what has come, and frees what is booked. */
  release(): void {
    this.#budget.release(this.#booked);
    this.#booked = 0;
    this.#blocks = [];
    this.#filled = 0;
    this.#total = 0;
    this.#hash = undefined;
    this.#tail = EMPTY;
    this.#tailFilled = 0;
  }
}
