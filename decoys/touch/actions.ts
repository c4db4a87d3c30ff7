// What each kind of touch is called and what it tells: `event.category`, `event.type` and the ATT&CK technique it shows by itself.
// ECS 8.10 allowed values; ATT&CK for Enterprise and Containers, v17 (https://attack.mitre.org).
import type { TouchLine } from './schema.ts';

interface Technique {
  readonly name: string;
  readonly tactic: string;
}

const TACTICS: Record<string, string> = {
  TA0001: 'Initial Access',
  TA0002: 'Execution',
  TA0003: 'Persistence',
  TA0004: 'Privilege Escalation',
  TA0005: 'Defense Evasion',
  TA0006: 'Credential Access',
  TA0007: 'Discovery',
  TA0008: 'Lateral Movement',
  TA0009: 'Collection',
  TA0010: 'Exfiltration',
  TA0011: 'Command and Control',
  TA0040: 'Impact',
  TA0043: 'Reconnaissance',
};

/** Techniques any decoy may name. A new one is one entry. */
export const TECHNIQUES = {
  T1003: { name: 'OS Credential Dumping', tactic: 'TA0006' },
  'T1053.003': { name: 'Scheduled Task/Job: Cron', tactic: 'TA0003' },
  T1082: { name: 'System Information Discovery', tactic: 'TA0007' },
  T1087: { name: 'Account Discovery', tactic: 'TA0007' },
  'T1098.004': { name: 'Account Manipulation: SSH Authorized Keys', tactic: 'TA0003' },
  T1187: { name: 'Forced Authentication', tactic: 'TA0006' },
  T1489: { name: 'Service Stop', tactic: 'TA0040' },
  T1531: { name: 'Account Access Removal', tactic: 'TA0040' },
  'T1562.001': { name: 'Impair Defenses: Disable or Modify Tools', tactic: 'TA0005' },
  T1018: { name: 'Remote System Discovery', tactic: 'TA0007' },
  T1046: { name: 'Network Service Discovery', tactic: 'TA0007' },
  T1059: { name: 'Command and Scripting Interpreter', tactic: 'TA0002' },
  'T1059.004': { name: 'Command and Scripting Interpreter: Unix Shell', tactic: 'TA0002' },
  T1078: { name: 'Valid Accounts', tactic: 'TA0001' },
  'T1078.001': { name: 'Valid Accounts: Default Accounts', tactic: 'TA0001' },
  T1083: { name: 'File and Directory Discovery', tactic: 'TA0007' },
  T1090: { name: 'Proxy', tactic: 'TA0011' },
  T1105: { name: 'Ingress Tool Transfer', tactic: 'TA0011' },
  T1110: { name: 'Brute Force', tactic: 'TA0006' },
  'T1110.001': { name: 'Brute Force: Password Guessing', tactic: 'TA0006' },
  'T1110.003': { name: 'Brute Force: Password Spraying', tactic: 'TA0006' },
  'T1110.004': { name: 'Brute Force: Credential Stuffing', tactic: 'TA0006' },
  T1136: { name: 'Create Account', tactic: 'TA0003' },
  T1190: { name: 'Exploit Public-Facing Application', tactic: 'TA0001' },
  T1210: { name: 'Exploitation of Remote Services', tactic: 'TA0008' },
  T1213: { name: 'Data from Information Repositories', tactic: 'TA0009' },
  'T1213.003': { name: 'Data from Information Repositories: Code Repositories', tactic: 'TA0009' },
  'T1213.006': { name: 'Data from Information Repositories: Databases', tactic: 'TA0009' },
  T1048: { name: 'Exfiltration Over Alternative Protocol', tactic: 'TA0010' },
  T1485: { name: 'Data Destruction', tactic: 'TA0040' },
  T1486: { name: 'Data Encrypted for Impact', tactic: 'TA0040' },
  'T1499.001': { name: 'Endpoint Denial of Service: OS Exhaustion Flood', tactic: 'TA0040' },
  'T1499.002': { name: 'Endpoint Denial of Service: Service Exhaustion Flood', tactic: 'TA0040' },
  'T1505.001': { name: 'Server Software Component: SQL Stored Procedures', tactic: 'TA0003' },
  'T1505.003': { name: 'Server Software Component: Web Shell', tactic: 'TA0003' },
  T1528: { name: 'Steal Application Access Token', tactic: 'TA0006' },
  'T1550.001': { name: 'Use Alternate Authentication Material: Application Access Token', tactic: 'TA0008' },
  'T1552.001': { name: 'Unsecured Credentials: Credentials In Files', tactic: 'TA0006' },
  'T1552.005': { name: 'Unsecured Credentials: Cloud Instance Metadata API', tactic: 'TA0006' },
  'T1552.007': { name: 'Unsecured Credentials: Container API', tactic: 'TA0006' },
  'T1574.006': { name: 'Hijack Execution Flow: Dynamic Linker Hijacking', tactic: 'TA0003' },
  'T1592.002': { name: 'Gather Victim Host Information: Software', tactic: 'TA0043' },
  'T1595.001': { name: 'Active Scanning: Scanning IP Blocks', tactic: 'TA0043' },
  'T1595.002': { name: 'Active Scanning: Vulnerability Scanning', tactic: 'TA0043' },
  'T1595.003': { name: 'Active Scanning: Wordlist Scanning', tactic: 'TA0043' },
  T1562: { name: 'Impair Defenses', tactic: 'TA0005' },
  T1098: { name: 'Account Manipulation', tactic: 'TA0003' },
  T1068: { name: 'Exploitation for Privilege Escalation', tactic: 'TA0004' },
  T1005: { name: 'Data from Local System', tactic: 'TA0009' },
  T1030: { name: 'Data Transfer Size Limits', tactic: 'TA0010' },
  'T1565.001': { name: 'Data Manipulation: Stored Data Manipulation', tactic: 'TA0040' },
  T1567: { name: 'Exfiltration Over Web Service', tactic: 'TA0010' },
  T1609: { name: 'Container Administration Command', tactic: 'TA0002' },
  T1613: { name: 'Container and Resource Discovery', tactic: 'TA0007' },
} as const satisfies Record<string, Technique>;

export type TechniqueId = keyof typeof TECHNIQUES;

interface ActionFacts {
  readonly category: readonly string[];
  readonly type: readonly string[];
  readonly technique: TechniqueId;
}

const NETWORK: readonly string[] = ['network', 'intrusion_detection'];
const WEB: readonly string[] = ['web', 'intrusion_detection'];
const DATABASE: readonly string[] = ['database', 'intrusion_detection'];
const LOGIN: readonly string[] = ['authentication', 'database', 'intrusion_detection'];

/** Every `event.action` a touch can have. A new one is one entry. */
export const ACTIONS = {
  'icmp-echo-request': { category: NETWORK, type: ['info'], technique: 'T1018' },
  'icmp-probe': { category: NETWORK, type: ['info'], technique: 'T1018' },
  'tcp-syn': { category: NETWORK, type: ['connection', 'start'], technique: 'T1046' },
  'tcp-probe': { category: NETWORK, type: ['connection', 'info'], technique: 'T1046' },
  'tcp-scan': { category: NETWORK, type: ['connection', 'info'], technique: 'T1046' },
  'udp-probe': { category: NETWORK, type: ['connection', 'info'], technique: 'T1046' },
  'udp-scan': { category: NETWORK, type: ['connection', 'info'], technique: 'T1046' },
  'ip-probe': { category: NETWORK, type: ['info'], technique: 'T1046' },
  'ip-protocol-scan': { category: NETWORK, type: ['info'], technique: 'T1046' },
  'packet-malformed': { category: NETWORK, type: ['info', 'error'], technique: 'T1046' },
  'packets-counted': { category: NETWORK, type: ['info'], technique: 'T1046' },
  unattributed: { category: NETWORK, type: ['info'], technique: 'T1046' },
  'tcp-connect': { category: NETWORK, type: ['connection', 'start'], technique: 'T1046' },
  'tcp-timeout': { category: NETWORK, type: ['connection', 'end'], technique: 'T1046' },
  'tls-client-hello': { category: NETWORK, type: ['connection', 'protocol'], technique: 'T1046' },
  'tcp-data': { category: NETWORK, type: ['connection', 'protocol'], technique: 'T1046' },
  'http-request': { category: WEB, type: ['access', 'info'], technique: 'T1046' },
  'http-malformed': { category: WEB, type: ['access', 'error'], technique: 'T1046' },
  'http-incomplete': { category: WEB, type: ['access', 'error'], technique: 'T1046' },
  'http-login': { category: ['authentication', 'web', 'intrusion_detection'], type: ['start'], technique: 'T1110' },
  'mysql-login': { category: LOGIN, type: ['start'], technique: 'T1078.001' },
  'mysql-query': { category: DATABASE, type: ['access', 'info'], technique: 'T1213' },
  'mysql-command': { category: DATABASE, type: ['access', 'info'], technique: 'T1213' },
  'mysql-malformed': { category: DATABASE, type: ['access', 'error'], technique: 'T1046' },
  'mysql-close': { category: DATABASE, type: ['connection', 'end'], technique: 'T1046' },
} as const satisfies Record<string, ActionFacts>;

export type Action = keyof typeof ACTIONS;

/** `threat.*` for the techniques given, each id and tactic once. */
export function threat(ids: readonly TechniqueId[]): NonNullable<TouchLine['threat']> {
  const tactics = [...new Set(ids.map((id) => TECHNIQUES[id].tactic))];
  const unique = [...new Set(ids)];
  return {
    framework: 'MITRE ATT&CK',
    tactic: { id: tactics, name: tactics.map((id) => TACTICS[id] ?? id) },
    technique: { id: unique, name: unique.map((id) => TECHNIQUES[id].name) },
  };
}
