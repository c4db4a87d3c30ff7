// Signatures of attacks, the gravest first, each with the ATT&CK techniques it shows (Enterprise and Containers, v17).
// Every pattern is linear: no quantifier stands inside another, and every repetition next to a like one has a bound.
import type { TechniqueId } from '../../touch/actions.ts';

/** Where a pattern is looked for. The target is looked at as sent, decoded once and decoded twice. */
export type Place = 'target' | 'headers' | 'body';

export interface Signature {
  readonly name: string;
  readonly in: readonly Place[];
  readonly pattern: RegExp;
  readonly techniques: readonly TechniqueId[];
}

const ANYWHERE: readonly Place[] = ['target', 'headers', 'body'];
const SENT: readonly Place[] = ['target', 'body'];

export const SIGNATURES: readonly Signature[] = [
  {
    name: 'log4shell',
    in: ANYWHERE,
    pattern: /\$\{[^}]{0,80}(?:jndi|lower|upper|env|::-)/i,
    techniques: ['T1210', 'T1059', 'T1105'],
  },
  {
    name: 'shellshock',
    in: ['headers'],
    pattern: /(?:^|: )\(\) {0,4}\{/m,
    techniques: ['T1210', 'T1059.004'],
  },
  {
    name: 'spring4shell',
    in: ANYWHERE,
    pattern: /class\.module\.classLoader|spring\.cloud\.function\.routing-expression/i,
    techniques: ['T1210', 'T1505.003'],
  },
  {
    name: 'web-shell',
    in: SENT,
    pattern: /<\?php|<\?=|<%@ {0,4}page|\/(?:c99|r57|wso|b374k|alfa)[a-z0-9_]{0,16}\.php|[?&]cmd=/i,
    techniques: ['T1505.003', 'T1105'],
  },
  {
    name: 'command-injection',
    in: SENT,
    pattern:
      /(?:;|&&|\|\|?|\$\(|`|\n) {0,4}(?:id|wget|curl|nc|ncat|bash|sh|cat|whoami|uname|ping|python3?|perl|powershell)(?=[\s;|&)`<]|$)|\{\{7\*7\}\}|T\(java\.lang\.Runtime\)|\/cgi-bin\/[^?]{0,80}(?:%%32%65|%2e)|__debugger__=yes&cmd=/i,
    techniques: ['T1059.004', 'T1210'],
  },
  {
    name: 'deserialization',
    in: ANYWHERE,
    pattern: /rO0AB|aced0005|!!python\/|O:\d{1,4}:"[A-Za-z]/,
    techniques: ['T1210'],
  },
  { name: 'xxe', in: SENT, pattern: /<!ENTITY/i, techniques: ['T1210'] },
  {
    name: 'sql-injection',
    in: SENT,
    pattern:
      /'[\s+]{0,8}(?:or|and)[\s+]|union[\s+/*]{1,16}(?:all[\s+/*]{1,16})?select|(?:sleep|benchmark|pg_sleep)\(|waitfor[\s+]{1,8}delay|information_schema|[=(,]0x[0-9a-f]{8}|--[\s+]{0,4}$/i,
    techniques: ['T1210', 'T1213.006'],
  },
  {
    name: 'metadata-service',
    in: ANYWHERE,
    pattern:
      /169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|fd00:ec2::254|\/latest\/meta-data|\/computeMetadata\/v1|gopher:\/\/|kubernetes\.default/i,
    techniques: ['T1552.005'],
  },
  {
    name: 'path-traversal',
    in: SENT,
    pattern:
      /\.\.[/\\;]|%2e%2e|%252e|%c0%a[ef]|\/etc\/(?:passwd|shadow|hosts|kubernetes)|\/proc\/self\/|php:\/\/|file:\/\/|[a-z]:\\windows/i,
    techniques: ['T1083', 'T1210'],
  },
  {
    name: 'container-exec',
    in: ['target'],
    pattern: /^\/(?:exec|run|attach|portForward|cri\/exec)\/|\/pods\/[^/?]{1,253}\/(?:exec|attach)/i,
    techniques: ['T1609'],
  },
  {
    name: 'kubernetes-credentials',
    in: ['target'],
    pattern:
      /kubeconfig|\/\.kube|\/admin\.conf|secrets\/kubernetes\.io|\/api\/v1\/(?:namespaces\/[^/?]{1,63}\/)?secrets/i,
    techniques: ['T1552.007', 'T1528'],
  },
  {
    name: 'bearer-token',
    in: ['headers'],
    pattern: /^authorization: bearer eyJ/im,
    techniques: ['T1550.001', 'T1528'],
  },
  {
    name: 'kubernetes-api',
    in: ['target'],
    pattern:
      /^\/api\/v1\/(?:pods|namespaces|nodes|services|serviceaccounts|configmaps)|^\/apis?(?:\/|$)(?!v1\/|version)|^\/(?:pods|runningpods|openapi\/v2)/i,
    techniques: ['T1613', 'T1552.007'],
  },
  { name: 'git-repository', in: ['target'], pattern: /\/\.(?:git|svn|hg)(?:\/|$)/i, techniques: ['T1213.003'] },
  {
    name: 'secrets-hunting',
    in: ['target'],
    pattern:
      /\/\.(?:env|aws|ssh|docker|npmrc|htpasswd|htaccess|netrc)|\/config\.(?:json|ya?ml|php)|\/env\.js|\.sql(?:\.gz)?(?:$|\?)|heapdump|id_rsa|\/credentials|\/debug\/(?:vars|env|config|pprof)|\.(?:bak|old|swp|pem|key)(?:$|\?)/i,
    techniques: ['T1552.001'],
  },
  {
    name: 'vulnerable-path',
    in: ['target'],
    pattern:
      /^\/(?:actuator|jolokia|phpmyadmin|pma|wp-(?:admin|login|content|json)|cgi-bin|server-(?:status|info)|solr|manager\/html|phpinfo|info\.php|hudson|jenkins|struts|vendor\/phpunit|boaform|owa|autodiscover|HNAP1|sdk|evox|nmaplowercheck|NmapUpperCheck|Nmap\/folder)/i,
    techniques: ['T1046', 'T1595.002'],
  },
];

/** True where none of the signatures for a place can match: one pass instead of many. */
export function patternsFor(place: Place): RegExp {
  const sources = SIGNATURES.filter((signature) => signature.in.includes(place)).map(
    ({ pattern }) => `(?:${pattern.source})`,
  );
  return new RegExp(sources.join('|'), 'im');
}
