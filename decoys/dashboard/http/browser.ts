// The browsers nginx still treats apart, by User-Agent: MSIE and Chrome get padded error pages (`msie_padding on`), and MSIE up to 6
// loses its connection after a POST (`keepalive_disable msie6`). Both are nginx's defaults.

const MARK = 'MSIE ';

/** Offset of an MSIE version, -1 for other browsers; Opera calls itself MSIE and is not meant. */
function msieVersionAt(userAgent: string): number {
  const at = userAgent.indexOf(MARK);
  if (at === -1 || at + MARK.length + 2 >= userAgent.length || userAgent.includes('Opera')) return -1;
  return at + MARK.length;
}

export function isPadded(userAgent: string | undefined): boolean {
  if (userAgent === undefined) return false;
  return msieVersionAt(userAgent) !== -1 || userAgent.includes('Chrome/');
}

export function isOldMsie(userAgent: string | undefined): boolean {
  if (userAgent === undefined) return false;
  const at = msieVersionAt(userAgent);
  if (at === -1 || userAgent[at + 1] !== '.') return false;
  const major = userAgent[at];
  return major === '4' || major === '5' || (major === '6' && !userAgent.includes('SV1', at));
}
