// Programs told by their User-Agent or by the order of their headers.

interface Tool {
  readonly name: string;
  readonly pattern: RegExp;
}

export const TOOLS: readonly Tool[] = [
  { name: 'nmap', pattern: /nmap scripting engine|nmap\.org/i },
  { name: 'zgrab', pattern: /zgrab/i },
  { name: 'nuclei', pattern: /nuclei/i },
  { name: 'nikto', pattern: /nikto/i },
  { name: 'sqlmap', pattern: /sqlmap/i },
  { name: 'ffuf', pattern: /fuzz faster u fool|ffuf/i },
  { name: 'gobuster', pattern: /gobuster/i },
  { name: 'feroxbuster', pattern: /feroxbuster/i },
  { name: 'dirbuster', pattern: /dirbuster/i },
  { name: 'whatweb', pattern: /whatweb/i },
  { name: 'masscan', pattern: /masscan/i },
  { name: 'wpscan', pattern: /wpscan/i },
  { name: 'httpx', pattern: /httpx/i },
  { name: 'kube-hunter', pattern: /kube-hunter/i },
  { name: 'slowhttptest', pattern: /TESTING_PURPOSES_ONLY/ },
  { name: 'hydra', pattern: /\(hydra\)/i },
  { name: 'zap', pattern: /owasp.zap|zaproxy/i },
  { name: 'openvas', pattern: /openvas/i },
];

/** Probes and scrapers of the cluster itself: logged like all else, and named for what they are. */
export const MONITORS: readonly Tool[] = [
  { name: 'kube-probe', pattern: /^kube-probe\// },
  { name: 'prometheus', pattern: /^Prometheus\// },
];

/** Header names in the order sent, joined by commas, as their first ones stand. */
const ORDERS: readonly (readonly [order: string, tool: string])[] = [
  ['cache-control,user-agent,host', 'sqlmap'],
  ['user-agent,accept-encoding,accept,connection,host', 'whatweb'],
];

export function toolOf(userAgent: string | undefined, headerNames: string): string | undefined {
  if (userAgent !== undefined) {
    const known = TOOLS.find(({ pattern }) => pattern.test(userAgent));
    if (known) return known.name;
  }
  return ORDERS.find(([order]) => headerNames.startsWith(order))?.[1];
}

export function monitorOf(userAgent: string | undefined): string | undefined {
  return userAgent === undefined ? undefined : MONITORS.find(({ pattern }) => pattern.test(userAgent))?.name;
}

/** Other protocols by their first bytes, each byte a latin1 character. */
export const PROTOCOLS: readonly Tool[] = [
  { name: 'ssh', pattern: /^SSH-/ },
  { name: 'rdp', pattern: /^\x03\x00[\s\S]{2}[\s\S]\xe0/ },
  { name: 'smb', pattern: /^[\s\S]{4}[\xfe\xff]SMB/ },
  { name: 'redis', pattern: /^\*\d{1,3}\r\n\$|^(?:INFO|PING|CONFIG GET)[ \r\n]/ },
  { name: 'jdwp', pattern: /^JDWP-/ },
  { name: 'mqtt', pattern: /^\x10[\s\S]{3}MQ/ },
  { name: 'memcached', pattern: /^(?:stats|version|get )[^\n]{0,40}\n/ },
  { name: 'mongodb', pattern: /^[\s\S]{12}(?:\xd4\x07|\xdd\x07)\x00\x00/ },
  { name: 'sip', pattern: /^[A-Z]{3,10} sip:/ },
  { name: 'rtsp', pattern: /^[A-Z]{3,10} \S{1,200} RTSP\// },
  { name: 'socks', pattern: /^(?:\x05[\x01-\x09]|\x04[\x01\x02])/ },
  { name: 'http2', pattern: /^PRI \* HTTP\/2\.0/ },
  { name: 'tls', pattern: /^\x16\x03/ },
];
