// IPv6 addresses between text and bytes: RFC 4291 2.2, RFC 5952.

const BYTES = 16;
const GROUPS = 8;

/** The sixteen bytes of an IPv6 address the kernel or this decoy has written; zeros where the text is none. */
export function ipv6Bytes(text: string): Buffer {
  const bytes = Buffer.alloc(BYTES);
  const [head = '', tail] = text.split('::');
  const front = groupsOf(head);
  const back = tail === undefined ? [] : groupsOf(tail);
  front.slice(0, GROUPS).forEach((group, at) => {
    bytes.writeUInt16BE(group, at * 2);
  });
  back.slice(-GROUPS).forEach((group, at, all) => {
    bytes.writeUInt16BE(group, (GROUPS - all.length + at) * 2);
  });
  return bytes;
}

function groupsOf(part: string): number[] {
  return part
    .split(':')
    .filter((group) => group !== '')
    .flatMap((group) => {
      if (!group.includes('.')) return [Number.parseInt(group, 16) & 0xffff];
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [((a << 8) | b) & 0xffff, ((c << 8) | d) & 0xffff];
    });
}

/** The address in sixteen bytes at an offset, its longest run of zero groups written `::`. */
export function ipv6Text(data: Buffer, offset: number): string {
  const groups = Array.from({ length: GROUPS }, (_, group) => data.readUInt16BE(offset + group * 2));
  const run = longestZeros(groups);
  const hex = groups.map((group) => group.toString(16));
  if (run.length < 2) return hex.join(':');
  return `${hex.slice(0, run.at).join(':')}::${hex.slice(run.at + run.length).join(':')}`;
}

function longestZeros(groups: readonly number[]): { at: number; length: number } {
  let best = { at: 0, length: 0 };
  for (let at = 0; at < groups.length; at++) {
    let end = at;
    while (groups[end] === 0) end++;
    if (end - at > best.length) best = { at, length: end - at };
  }
  return best;
}

/** How many leading bytes two addresses share. */
export function sharedBytes(a: Buffer, b: Buffer): number {
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  return shared;
}
