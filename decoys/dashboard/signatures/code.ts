// Signatures of attempts to run code: log4shell, shellshock, Spring, web shells, shells, templates and expression languages, objects
// that run code as they are read, XML that reads files. Every pattern is linear: no quantifier stands inside another, and every
// repetition next to a like one has a bound.
import { ANYWHERE, anyOf, SENT, type Signature } from './signature.ts';

export const CODE: readonly Signature[] = [
  {
    name: 'log4shell',
    in: ANYWHERE,
    pattern: anyOf(
      /\$\{[^${}]{0,80}(?:jndi|lower|upper|env|::-)/,
      /\$\{[^${}]{0,40}\$\{/,
      /\$\{(?:ctx|script|url|base64|date|sys|main|java|k8s|docker|bundle|dns):/,
    ),
    techniques: ['T1210', 'T1059', 'T1105'],
  },
  {
    name: 'shellshock',
    in: ['headers'],
    pattern: /(?:^|: |=)\(\) {0,4}\{/m,
    techniques: ['T1210', 'T1059.004'],
  },
  {
    name: 'spring4shell',
    in: ANYWHERE,
    pattern: anyOf(
      /class(?:\.|\[['"]?)module['"]?(?:\]\[['"]?|\.)classLoader/,
      /"class" {0,4}: {0,4}\{ {0,4}"module"/,
      /spring\.cloud\.function\.routing-expression/,
    ),
    techniques: ['T1210', 'T1505.003'],
  },
  {
    name: 'web-shell',
    in: SENT,
    pattern: anyOf(
      /<\?php|<\?=|<\? {0,4}(?:system|eval|exec|passthru|@)|<%@ {0,4}page|<%!|<% {0,4}(?:Runtime|eval|execute|out\.)|<jsp:(?:scriptlet|declaration|expression)|language=["']?php|<cf(?:execute|script)|<!--#exec/,
      /\/(?:c99|r57|wso|b374k|alfa|shell|cmd|up|upload|antsword|behinder|godzilla|weevely|backdoor|simple-backdoor|webshell|ws|1|x)[a-z0-9_-]{0,16}\.(?:php|phtml|jspx?|aspx?|ashx)/,
      /\/alfacgiapi\/|\.(?:alfa|phtml|php\d)(?:$|\?)/,
      /filename\*?={0,1}['"]?[^'"\r\n;]{0,80}\.(?:ph(?:p\d?|tml|ar|ps|t)|jspx?|jspf|aspx?|ashx|asa|cer|war|cgi|shtml|htaccess)\b/,
      /filename\*=[a-z0-9-]{1,12}''[^\r\n;]{0,80}\.(?:php|phtml|jspx?|aspx?)/,
      /[?&](?:cmd|exec|command)=/,
      /phpunit\/src\/util\/php\/eval-stdin\.php/,
    ),
    techniques: ['T1505.003', 'T1105'],
  },
  {
    name: 'command-injection',
    in: SENT,
    pattern: anyOf(
      // A separator of the shell, then what is run on a machine one wants to know or have.
      /(?:;|&&?|\|\|?|\$\(|`) {0,4}(?:\/(?:usr\/)?s?bin\/)?(?:id|wget|curl|nc|ncat|netcat|bash|sh|cat|tac|whoami|uname|ping|python\d(?:\.\d{1,2})?|powershell|ifconfig|ipconfig|nslookup|dig|busybox|telnetd?|tftp|certutil|base64|chmod|rm|echo|printenv|netstat|hostname|pwd|tail|head|awk|sed|xxd|ssh|scp|crontab|mkfifo|export|systeminfo|tasklist|net {1,2}user|mshta|regsvr32|bitsadmin|socat|tcpdump|nmap)(?=[\s;|&)`<>"'\\]|$)/,
      /(?:[;|]|&&) {0,4}(?:\/(?:usr\/)?s?bin\/)?(?:python|perl|php|ruby|node|lua|env|echo|host)(?: {1,4}[-/$\d]|[|&`]|\)| {1,4}[a-z]{1,32}[|>])/,
      // The same on a line of its own that is the last.
      /[\r\n] {0,4}(?:\/(?:usr\/)?s?bin\/[a-z]{2,12}|(?:id|whoami|uname|wget|curl|nc|cat|ping|ls|sleep)(?=[;|&`]|[\s"'}]{0,4}(?![\s\S])))/,
      /(?:;|&&?|\|\|?|\$\(|`) {0,4}(?:(?:ls|dir|type|sleep|timeout|host|cd|ps|set|ver|touch|cp|mv|find|\(sleep)(?=[\s;|&)`<>"']|$))(?: {0,4}-| {0,4}[/\d`&|"']| [a-z]:| {0,4}[a-z]\.[a-z]|\)|$)/,
      /\{\{ {0,2}['"]?\d{1,4}['"]? {0,2}\* {0,2}['"]?\d|[$#@%*]\{ {0,2}\d{1,4} {0,2}[*+]|<%= {0,4}(?:\d|system|`|File|Dir)|@\(\d{1,4}[+*]\d/,
      /\{\{[^{}]{0,120}(?:__class__|__globals__|__init__|config|self\.|cycler|lipsum|request\||constructor|_self|popen|getFilter|mro\b|reduce\(|request\.|#with|\|map\()|\{%-? {0,2}(?:for|if|set|import|include|debug|raw)\b|\{\$smarty|\$\{ {0,2}(?:pageContext|applicationScope|sessionScope|request\.|param\.)/,
      /<#assign|freemarker\.template|#set {0,2}\(|\{php\}/,
      /java\.lang\.(?:Runtime|ProcessBuilder|Class)|javax\.script\.ScriptEngine|Class\.forName|@ognl|ognl\.OgnlContext|#_memberAccess|#request\[|findValue\(|opensymphony\.(?:webwork|xwork2)/,
      /%\{\(?#|[$*#]\{\(?#|T\(java\.|\$\{[^${}]{0,40}\.getClass/,
      /\/dev\/tcp\/|powershell(?:\.exe)?[\s+]{1,4}-e|\/bin\/(?:ba|da|z)?sh\b|[\r\n`|;]\/bin\/[a-z]{2}|bash[\s+]{1,4}-[ic]|\bsh[\s+]{1,4}-c[\s+]|[;|&][\s+]{0,4}(?:rm|wget|chmod)[\s+]/,
      /__import__\(|child_process|process\.mainModule|check_output\(|os\.system|subprocess\.|IO\.popen|Kernel\.exec/,
      /(?:^|[^a-z])(?:exec|system|passthru|shell_exec|popen|proc_open|pcntl_exec|assert)\(['"]/,
      /\/cgi-bin\/[^?]{0,80}(?:%%32%65|%2e)|__debugger__=yes&cmd=/,
      /pearcmd|config-create|invokefunction|call_user_func|_method=__construct|allow_url_include|auto_prepend_file|todo=syscmd/,
      /\/shell\?(?:cd|wget|busybox)|[=`](?:[\s+]|busybox){0,2}(?:wget|curl)[\s+](?:-[a-z]{1,3}[\s+])?https?:/,
    ),
    techniques: ['T1059.004', 'T1210'],
  },
  {
    // Fewer words than in what is sent: headers are full of semicolons.
    name: 'command-injection',
    in: ['headers'],
    pattern: anyOf(
      /\$\( {0,4}(?:id|whoami|uname|curl|wget|nc|bash|sh|cat|ping|sleep|nslookup)\b|`[a-z]{2,12}[\s;$`]/,
      /[;|&]{1,2} {0,2}(?:id|whoami|uname -|cat \/|nc -|wget http|curl http|bash -|sh -|sleep \d|ping -)(?:$|[\s\w/-])/,
      /\/dev\/tcp\/|\/bin\/(?:ba|da)?sh\b|\$\{IFS|ognl\.OgnlContext|@java\.lang|%\{\(?#|java\.lang\.Runtime/,
    ),
    techniques: ['T1059.004', 'T1210'],
  },
  {
    name: 'deserialization',
    in: ANYWHERE,
    pattern: anyOf(
      /rO0AB|aced0005|\xac\xed\x00\x05|!!(?:python|ruby|javax)[/:.]|!ruby\/|!<?tag:yaml\.org,2002:(?:js|python|ruby)|O:\d{1,4}:"[A-Za-z]|"@type" {0,4}:|_\$\$ND_FUNC\$\$_/,
      /"\$type" {0,4}: {0,4}"System\.|AAEAAAD\/{4}|__VIEWSTATE=(?:%2F|\/)wE|gA[NRS]V[A-Z]|gASV|BAh[7bv]C/,
      /["[]?__proto__["\]]?(?: {0,4}:|\[|\.|:)|constructor(?:\[|\.|%5b|" {0,4}: {0,4}\{ {0,4}")prototype/,
      /java\.beans\.(?:XMLDecoder|EventHandler)|<dynamic-proxy>|com\.sun\.rowset|ysoserial|jdk\.nashorn|<(?:linked-hash-set|tree-map|sorted-set|priority-queue)>/,
    ),
    techniques: ['T1210'],
  },
  {
    name: 'xxe',
    in: SENT,
    pattern: anyOf(
      /<!ENTITY/,
      /<!DOCTYPE[^>]{1,80}(?:SYSTEM|PUBLIC ["'][^>]{1,120}["'] {0,4}["']https?:\/\/(?!www\.w3))/,
      /<xi:include/,
    ),
    techniques: ['T1210'],
  },
];
