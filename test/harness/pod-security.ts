// The Pod Security Standards, rule by rule, as kubernetes.io publishes them ("Pod Security Standards", of Kubernetes 1.36).
import type { KubernetesObject } from './manifests.ts';

export type Level = 'baseline' | 'restricted';

// biome-ignore lint/suspicious/noExplicitAny: a pod spec, checked against Kubernetes' types elsewhere.
type Fields = Record<string, any>;

interface Rule {
  readonly name: string;
  readonly level: Level;
  /** True where the pod breaks it. */
  readonly broken: (pod: Fields, containers: readonly Fields[]) => boolean;
}

const BASELINE_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE'],
  ...['SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
];
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
const RESTRICTED_VOLUMES = [
  ...['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'],
];

/** Every security context there is: the pod's and its containers'. */
function contexts(pod: Fields, containers: readonly Fields[]): Fields[] {
  return [pod, ...containers].map(({ securityContext }) => securityContext ?? {});
}

function hooks(container: Fields): Fields[] {
  const { livenessProbe, readinessProbe, startupProbe, lifecycle = {} } = container;
  return [livenessProbe, readinessProbe, startupProbe, lifecycle.postStart, lifecycle.preStop].filter(Boolean);
}

const RULES: readonly Rule[] = [
  {
    name: 'HostProcess',
    level: 'baseline',
    broken: (pod, containers) => contexts(pod, containers).some(({ windowsOptions }) => windowsOptions?.hostProcess),
  },
  {
    name: 'Host Namespaces',
    level: 'baseline',
    broken: ({ hostNetwork, hostPID, hostIPC }) => Boolean(hostNetwork || hostPID || hostIPC),
  },
  {
    name: 'Privileged Containers',
    level: 'baseline',
    broken: (_pod, containers) => containers.some(({ securityContext }) => securityContext?.privileged),
  },
  {
    name: 'Capabilities',
    level: 'baseline',
    broken: (_pod, containers) => added(containers).some((capability) => !BASELINE_CAPABILITIES.includes(capability)),
  },
  {
    name: 'HostPath Volumes',
    level: 'baseline',
    broken: ({ volumes = [] }) => volumes.some((volume: Fields) => volume.hostPath),
  },
  {
    name: 'Host Ports',
    level: 'baseline',
    broken: (_pod, containers) => containers.some(({ ports = [] }) => ports.some(({ hostPort }: Fields) => hostPort)),
  },
  {
    name: 'Host Probes / Lifecycle Hooks',
    level: 'baseline',
    broken: (_pod, containers) =>
      containers.flatMap(hooks).some(({ httpGet, tcpSocket }) => httpGet?.host || tcpSocket?.host),
  },
  {
    name: 'AppArmor',
    level: 'baseline',
    broken: (pod, containers) =>
      contexts(pod, containers).some(({ appArmorProfile }) => appArmorProfile?.type === 'Unconfined'),
  },
  {
    name: 'SELinux',
    level: 'baseline',
    broken: (pod, containers) =>
      contexts(pod, containers).some(
        ({ seLinuxOptions: { type = '', user, role } = {} as Fields }) => !SELINUX_TYPES.includes(type) || user || role,
      ),
  },
  {
    name: '/proc Mount Type',
    level: 'baseline',
    broken: (_pod, containers) =>
      containers.some(({ securityContext }) => ![undefined, 'Default'].includes(securityContext?.procMount)),
  },
  {
    name: 'Seccomp',
    level: 'baseline',
    broken: (pod, containers) =>
      contexts(pod, containers).some(({ seccompProfile }) => seccompProfile?.type === 'Unconfined'),
  },
  {
    name: 'Sysctls',
    level: 'baseline',
    broken: ({ securityContext }) =>
      (securityContext?.sysctls ?? []).some(({ name }: Fields) => !SAFE_SYSCTLS.includes(name)),
  },
  {
    name: 'Volume Types',
    level: 'restricted',
    broken: ({ volumes = [] }) =>
      volumes.some((volume: Fields) => !RESTRICTED_VOLUMES.some((type) => volume[type] !== undefined)),
  },
  {
    name: 'Privilege Escalation',
    level: 'restricted',
    broken: (_pod, containers) =>
      containers.some(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false),
  },
  {
    name: 'Running as Non-root',
    level: 'restricted',
    broken: (pod, containers) => everywhere(pod, containers, 'runAsNonRoot').some((value) => value !== true),
  },
  {
    name: 'Running as Non-root user',
    level: 'restricted',
    broken: (pod, containers) => contexts(pod, containers).some(({ runAsUser }) => runAsUser === 0),
  },
  {
    name: 'Seccomp',
    level: 'restricted',
    broken: (pod, containers) =>
      everywhere(pod, containers, 'seccompProfile').some(
        (value) => !['RuntimeDefault', 'Localhost'].includes(value?.type),
      ),
  },
  {
    name: 'Capabilities',
    level: 'restricted',
    broken: (_pod, containers) =>
      containers.some(({ securityContext }) => !(securityContext?.capabilities?.drop ?? []).includes('ALL')) ||
      added(containers).some((capability) => capability !== 'NET_BIND_SERVICE'),
  },
];

/** What holds for each container: its own setting, or the pod's. */
function everywhere(pod: Fields, containers: readonly Fields[], field: string): Fields[string][] {
  return containers.map(({ securityContext }) => securityContext?.[field] ?? pod.securityContext?.[field]);
}

function added(containers: readonly Fields[]): string[] {
  return containers.flatMap(({ securityContext }) => securityContext?.capabilities?.add ?? []);
}

/** Names of the rules of `level` (and of those below it) that a pod template breaks. */
export function violations(template: KubernetesObject, level: Level): string[] {
  const pod = template.spec as Fields;
  const containers = [...(pod.containers ?? []), ...(pod.initContainers ?? []), ...(pod.ephemeralContainers ?? [])];
  return RULES.filter((rule) => level === 'restricted' || rule.level === 'baseline')
    .filter((rule) => rule.broken(pod, containers))
    .map(({ name, level: of }) => `${name} (${of})`);
}
