// Programs told by their User-Agent or by the order of their headers.
import type { Header } from '../http/header-list.ts';

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
  { name: 'hydra', pattern: /hydra/i },
  { name: 'zap', pattern: /owasp.zap|zaproxy|^zap\//i },
  { name: 'openvas', pattern: /openvas/i },
  { name: 'wfuzz', pattern: /wfuzz/i },
  { name: 'wapiti', pattern: /wapiti/i },
  { name: 'arachni', pattern: /arachni/i },
  { name: 'w3af', pattern: /w3af/i },
  { name: 'nessus', pattern: /nessus/i },
  { name: 'acunetix', pattern: /acunetix/i },
  { name: 'qualys', pattern: /qualys/i },
  { name: 'burp', pattern: /burp/i },
  { name: 'dirsearch', pattern: /dirsearch/i },
  { name: 'dirb', pattern: /^dirb/i },
  { name: 'skipfish', pattern: /skipfish/i },
  { name: 'commix', pattern: /commix/i },
  { name: 'xsstrike', pattern: /xsstrike/i },
  { name: 'jaeles', pattern: /jaeles/i },
  { name: 'katana', pattern: /katana/i },
  { name: 'dalfox', pattern: /dalfox/i },
  { name: 'subfinder', pattern: /subfinder/i },
  { name: 'hakrawler', pattern: /hakrawler/i },
  { name: 'trivy', pattern: /trivy/i },
  { name: 'kubescape', pattern: /kubescape/i },
  { name: 'peirates', pattern: /peirates/i },
  {
    name: 'internet-scanner',
    pattern: /censysinspect|expanse, a palo|internet-?measurement|l9explore|shodan|zmeu|jorgee|morfeus|botpoke|^paros/i,
  },
];

/** Probes and scrapers of the cluster itself: logged like all else, and named for what they are. */
export const MONITORS: readonly Tool[] = [
  { name: 'kube-probe', pattern: /^kube-probe\// },
  { name: 'prometheus', pattern: /^Prometheus\// },
];

/** Names the first headers have, in the order sent, lowercased. */
const ORDERS: readonly { readonly order: readonly string[]; readonly tool: string }[] = [
  { order: ['cache-control', 'user-agent', 'host'], tool: 'sqlmap' },
  { order: ['user-agent', 'accept-encoding', 'accept', 'connection', 'host'], tool: 'whatweb' },
];

/** One look tells that none of the tools is named, which is nearly always. */
const ANY_TOOL = new RegExp(TOOLS.map(({ pattern }) => `(?:${pattern.source})`).join('|'), 'i');

/** The program that seems to be asking, by its User-Agent or else by the order of its headers. */
export function toolOf(userAgent: string | undefined, headers: readonly Header[]): string | undefined {
  if (userAgent !== undefined && ANY_TOOL.test(userAgent)) {
    const known = TOOLS.find(({ pattern }) => pattern.test(userAgent));
    if (known) return known.name;
  }
  return ORDERS.find(({ order }) => order.every((name, at) => headers[at]?.name.toLowerCase() === name))?.tool;
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
