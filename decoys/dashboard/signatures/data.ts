// Signatures of attempts on data: scripts for other people's browsers, SQL and queries of document stores, requests made in the
// server's name, files outside the site. Linear patterns, as in code.ts.
import { ANYWHERE, anyOf, SENT, type Signature } from './signature.ts';

export const DATA: readonly Signature[] = [
  {
    name: 'cross-site-scripting',
    in: ANYWHERE,
    pattern: anyOf(
      /<script[\s>/]|<\/script>|<style[\s>][^<]{0,40}@import|vbscript:[a-z]|["'] {1,4}(?:autofocus|style|on[a-z]{3,24})[\s=]{1,4}[^\s]{0,40}=/,
      /<[a-z][a-z0-9]{0,15}[\s/][^>]{0,200}\bon[a-z]{3,24}\s{0,4}=/,
      /<(?:object|embed|base|applet|frameset)\s[^>]{0,80}=|<link\s[^>]{0,80}stylesheet|<meta\s[^>]{0,80}http-equiv|<iframe[^>]{0,80}\ssrc/,
      /j[\t\n\r]?a[\t\n\r]?v[\t\n\r]?a[\t\n\r]?s[\t\n\r]?c[\t\n\r]?r[\t\n\r]?i[\t\n\r]?p[\t\n\r]?t[\t\n\r]?:[^\s]{0,40}\(/,
      /['"`;>](?:[-+*/;(]|\){1,3};?) {0,2}(?:alert|prompt|confirm|eval|fetch)[(`]|[>'"] {0,2}(?:alert|prompt|confirm)\(/,
    ),
    techniques: ['T1210'],
  },
  {
    name: 'sql-injection',
    in: ANYWHERE,
    pattern: anyOf(
      // Out of a text, and on with a condition.
      /['"]\)?(?:[\s+/*]{1,8}(?:or|and|xor|having|r?like)|[\s+]{0,4}\|\|)[\s+/*]{0,8}(?:['"(\d]|true|not[\s+]|exists|null)/,
      /['"]\)?[\s+/*]{0,8}(?:or|and|xor|having|r?like)(?:\(|[\s+/*]{1,8}(?:ascii|substr|substring|mid|ord|length|if|sleep|exists|user|database|version|convert|cast|randomblob|dbms_|count|char|gtid_sub(?:set|tract)|exp|st_[a-z]{3,12}|json_[a-z]{3,10}|polygon|multipoint)\b)/,
      // A number compared with a number.
      /(?:^|[\s+)=\d'"])(?:or|and|xor|having)[\s+/*(]{1,4}['"(]{0,2}\d{1,9}['")]{0,2}(?:[\s+]{0,4}(?:=|like|<>|!=)[\s+]{0,4}|[<>])['"(]{0,2}\d/,
      /(?:and|or|xor)[\s+/*(]{1,4}(?:ascii|substr|substring|ord|length|sleep|updatexml|extractvalue|load_file|benchmark|exists)\(/,
      /union[\s+/*(]{1,16}(?:(?:all|distinct)[\s+/*(]{1,16})?select[\s+/*(]{1,8}(?:['"\d@(*]|null|char|concat|version|user|database|[a-z_]{1,32}[\s+]{0,2}[,(]|[a-z_]{1,32}[\s+]from)/,
      /\([\s+]{0,4}select[\s+/*(]{1,8}(?:['"\d@(*]|[a-z_]{1,32}[\s+]{0,2}[,(]|[a-z_]{1,32}[\s+]{1,4}from[\s+])/,
      /(?:sleep|benchmark|pg_sleep|extractvalue|updatexml|load_file|group_concat|randomblob|get_host_address|receive_message)\(/,
      /ascii\(substring|waitfor[\s+]{1,8}delay|information_schema|into[\s+]{1,4}(?:out|dump)file|xp_cmdshell|utl_(?:inaddr|http)|dbms_(?:pipe|lock|ldap)|procedure[\s+]{1,4}analyse|@@version|sqlite_master|sysobjects/,
      /;[\s+]{0,4}(?:drop|insert|delete|update|exec|declare|truncate|alter)[\s+]{1,4}[a-z_]{3}|;[\s+]{0,4}select[\s+]{1,4}(?:[\d*@(]|[a-z_]{1,32}\()/,
      /[=(,]0x[0-9a-f]{8}(?![0-9a-f]{9})|order[\s+]{1,4}by[\s+]{1,4}\d{1,4}(?![\da-z:.])|case[\s+]{1,4}when[\s+].{1,40}[\s+]then[\s+]/,
      /[\s+'")]--[\s+]{0,4}-?(?![\s\S])|['"]\)?--|['"] {0,2}(?:#|\/\*) {0,4}(?:$|["'&])|['"] {1,4}(?:or|and)[\s+]{1,4}[a-z_]{1,32}[\s+]{1,4}(?:like|is|in|between)[\s+]|\bid=[^&]{0,8}['"]{2}$/,
      /\[\$(?:ne|gte?|lte?|regex|where|in|nin|exists|or|and)\]|"\$(?:ne|gte?|lte?|regex|where|nin|exists|function)" {0,4}:/,
    ),
    techniques: ['T1210', 'T1213.006'],
  },
  {
    name: 'metadata-service',
    in: ANYWHERE,
    pattern: anyOf(
      // 169.254.169.254 and its like in all the ways an address can be written.
      /169\.254\.\d|0xa9\.254\.|unix:\/\/|docker\.sock|169\.16689662|2852039166|025177524776|a9fe:a9fe|fd00:ec2::254|100\.100\.100\.200|192\.0\.0\.192/,
      /0xa9\.?(?:0x)?fe\.?(?:0x)?a9\.?(?:0x)?fe|0251\.0?(?:376|254)\.0?(?:251|169)\.0?(?:376|254)/,
      /metadata\.(?:google|goog|azure|tencentyun|oraclecloud)|\/\/(?:metadata|instance-data|rancher-metadata)(?:[/:.]|$)/,
      /\/latest\/(?:meta-data|user-data|dynamic\/|api\/token)|\/computeMetadata\/|\/metadata\/(?:instance|identity|v1|attested)|\/opc\/v[12]\/|\/openstack\/latest/,
      /file:\/\/localhost|(?:gopher|dict|netdoc|sftp|tftp|jar):(?:\/\/|https?:)|kubernetes\.default|host\.docker\.internal|localtest\.me|\.nip\.io|\/\/etcd:/,
    ),
    techniques: ['T1552.005'],
  },
  {
    name: 'metadata-service',
    in: SENT,
    pattern:
      /[="'](?:https?|ftp|ldaps?|tftp|sftp):\/\/(?:[^/@\s]{0,80}@)?(?:localhost|127\.|0[/:]|0\.0\.0\.0|0x7f|0177|2130706433|\[[0:]{0,20}:|0x[0-9a-f]{1,8}[.:/]|\d{8,10}(?:[/:"'?#]|$)|[3-9]\d\d\.\d|[a-z0-9-]{1,40}:\d{2,5}(?:[/"'?]|$)|10\.\d|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)/i,
    techniques: ['T1552.005'],
  },
  {
    name: 'path-traversal',
    in: SENT,
    pattern: anyOf(
      /\.\.[/\\;]|%2e%2e|%252e|%c0%a[ef]|\.\.%u2216/,
      /\/etc\/(?:passwd|shadow|group|hosts|hostname|kubernetes|nginx|ssh|resolv|issue|crontab|sudoers|fstab|mysql|ssl)/,
      /\/proc\/(?:self|version|net|\d{1,7})(?:\/|$)|\/var\/(?:log|run\/secrets)\/|\/run\/secrets\/|\/dev\/(?:fd|shm|stdin)|\/\.dockerenv/,
      /[=/](?:root|home\/[a-z0-9_.-]{1,32})\/\.|=(?:[a-z]:)?[\\/]{0,2}boot\.ini|WEB-INF\/|tomcat-users\.xml|win\.ini/,
      /=\/(?:sys\/(?:class|kernel|fs)|var\/(?:lib|www|spool)|usr\/(?:share|local)|opt|boot)\/|=~\/\.|\/etc(?:\/\.?){1,2}\/?(?:passwd|shadow)|\/e[?*]c\/|(?:php|file|expect|zip|phar|data|glob|compress\.zlib|ogg|rar):\/\/|[a-z]:[\\/]windows|=\\\\[a-z0-9.]{1,64}\\/,
    ),
    techniques: ['T1083', 'T1210'],
  },
  {
    name: 'path-traversal',
    in: ['headers'],
    pattern: /(?:\.\.[/\\]){2}|\/etc\/(?:passwd|shadow)|\/proc\/self\//i,
    techniques: ['T1083', 'T1210'],
  },
];
