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
    pattern:
      /\$\{(?:[^}]{0,80}(?:jndi|lower|upper|env|::-)|[^}]{0,40}\$\{[^}]{0,80}:|(?:ctx|script|url|base64|date|sys|main|java|k8s|docker|bundle|dns):)/i,
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
    pattern:
      /class(?:\.module|\[module\])(?:\.classLoader|\[classLoader\])|spring\.cloud\.function\.routing-expression/i,
    techniques: ['T1210', 'T1505.003'],
  },
  {
    name: 'web-shell',
    in: SENT,
    pattern:
      /<\?php|<\?=|<%@ {0,4}page|<% {0,4}(?:Runtime|eval|execute|out\.)|\/(?:c99|r57|wso|b374k|alfa|shell|cmd|up|upload)[a-z0-9_]{0,16}\.(?:php|phtml|jspx?|aspx?)|filename="[^"\r\n]{0,80}\.(?:php|phtml|jsp|aspx?)|[?&](?:cmd|exec|command)=/i,
    techniques: ['T1505.003', 'T1105'],
  },
  {
    name: 'command-injection',
    in: SENT,
    pattern:
      /(?:;|&&|\|\|?|\$\(|`|\n) {0,4}(?:id|wget|curl|nc|ncat|bash|sh|cat|whoami|uname|ping|python3?|perl|powershell)(?=[\s;|&)`<]|$)|\{\{7\*7\}\}|\{\{[^}]{0,80}(?:__class__|config|self\.|cycler)|[$#]\{7\*7\}|<%= {0,4}7\*7|%\{\(?#|T\(java\.lang\.Runtime\)|\/dev\/tcp\/|powershell(?:\.exe)?[\s+]{1,4}-e|__import__\(|(?:^|[^a-z])(?:exec|system|passthru|shell_exec|popen)\(['"]|\/cgi-bin\/[^?]{0,80}(?:%%32%65|%2e)|__debugger__=yes&cmd=/i,
    techniques: ['T1059.004', 'T1210'],
  },
  {
    name: 'deserialization',
    in: ANYWHERE,
    pattern:
      /rO0AB|aced0005|\xac\xed\x00\x05|!!python\/|O:\d{1,4}:"[A-Za-z]|"@type" {0,4}:|_\$\$ND_FUNC\$\$_|"__proto__" {0,4}:/,
    techniques: ['T1210'],
  },
  { name: 'xxe', in: SENT, pattern: /<!ENTITY|<!DOCTYPE[^>]{1,80}SYSTEM/i, techniques: ['T1210'] },
  {
    name: 'cross-site-scripting',
    in: SENT,
    pattern: /<script[\s>]|<(?:img|svg|iframe|body)[^>]{1,80}on[a-z]{4,12}=|javascript:[a-z]{1,20}\(/i,
    techniques: ['T1210'],
  },
  {
    name: 'sql-injection',
    in: ANYWHERE,
    pattern:
      /['"]\)?(?:[\s+/*]{1,8}(?:or|and|xor)|[\s+]{0,4}\|\|)[\s+/*]{0,8}(?:['"(\d]|true|not[\s+])|(?:^|[\s+)=\d])(?:or|and)[\s+]{1,4}['"(]{0,2}\d{1,9}['")]{0,2}[\s+]{0,4}=[\s+]{0,4}['"(]{0,2}\d|union[\s+/*]{1,16}(?:all[\s+/*]{1,16})?select|(?:sleep|benchmark|pg_sleep|extractvalue|updatexml|load_file|group_concat)\(|ascii\(substring|waitfor[\s+]{1,8}delay|information_schema|into[\s+]{1,4}(?:out|dump)file|;[\s+]{0,4}(?:drop|insert|delete|update|exec)[\s+]{1,4}[a-z_]{3}|xp_cmdshell|[=(,]0x[0-9a-f]{8}|order[\s+]{1,4}by[\s+]{1,4}\d|[\s+'")]--[\s+]{0,4}$/i,
    techniques: ['T1210', 'T1213.006'],
  },
  {
    name: 'metadata-service',
    in: ANYWHERE,
    pattern:
      /169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200|fd00:ec2::254|\/latest\/meta-data|\/computeMetadata\/v1|169\.254\.170\.2|2852039166|0xa9fea9fe|gopher:\/\/|dict:\/\/|kubernetes\.default|=(?:https?|ftp|ldap|tftp):\/\/(?:localhost|127\.|0[/:]|0\.0\.0\.0|\[::|10\.|192\.168\.)/i,
    techniques: ['T1552.005'],
  },
  {
    name: 'path-traversal',
    in: SENT,
    pattern:
      /\.\.[/\\;]|%2e%2e|%252e|%c0%a[ef]|\.\.%u2216|\/etc\/(?:passwd|shadow|group|hosts|kubernetes)|\/proc\/(?:self|\d{1,7})\/|\/var\/(?:log|run\/secrets)\/|(?:php|file|expect|zip|phar|data):\/\/|[a-z]:[\\/]windows|=\\\\[a-z0-9.]{1,64}\\/i,
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
      /^\/api\/v1\/(?:pods|namespaces|nodes|services|serviceaccounts|configmaps|componentstatuses|events|endpoints|proxy|persistentvolumes)|^\/api(?:\/|$)(?!v\d|version|jsonws)|^\/apis(?:\/|$)|^\/(?:pods|runningpods|openapi\/v[23]|containerLogs|stats\/summary|metrics\/cadvisor|healthz\/etcd|v2\/keys|v1\/agent|logs\/)/i,
    techniques: ['T1613', 'T1552.007'],
  },
  { name: 'git-repository', in: ['target'], pattern: /\/\.(?:git|svn|hg)(?:\/|$)/i, techniques: ['T1213.003'] },
  {
    name: 'secrets-hunting',
    in: ['target'],
    pattern:
      /\/\.(?:env|aws|ssh|docker|npmrc|htpasswd|htaccess|netrc|DS_Store|bash_history|vscode|terraform)|\/(?:config|secrets?|credentials|values|docker-compose|application|appsettings|composer|package)\.(?:json|ya?ml|php|properties)|\/Dockerfile|\.(?:tfstate|sqlite3?|zip|tar\.gz|tgz|kdbx)(?:$|\?)|\/env\.js|\.sql(?:\.gz)?(?:$|\?)|heapdump|id_rsa|\/credentials|\/debug\/(?:vars|env|config|pprof)|\.(?:bak|old|swp|pem|key)(?:$|\?)/i,
    techniques: ['T1552.001'],
  },
  {
    name: 'vulnerable-path',
    in: ['target'],
    pattern:
      /^\/(?:actuator|jolokia|phpmyadmin|pma|wp-(?:admin|login|content|json)|cgi-bin|server-(?:status|info)|solr|manager\/html|phpinfo|info\.php|hudson|jenkins|struts|vendor\/phpunit|boaform|owa|autodiscover|HNAP1|sdk|evox|console\/|_ignition|druid|geoserver|api\/jsonws|_search|_cat|telescope|graphql|swagger-ui|xmlrpc|adminer|env$|trace$|tmui|mgmt\/tm|ecp|dana-na|goform|setup\.cgi|shell|login\.cgi|nagios|zabbix|grafana|remote\/fgt_lang|vpn\/|nmaplowercheck|NmapUpperCheck|Nmap\/folder)/i,
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
