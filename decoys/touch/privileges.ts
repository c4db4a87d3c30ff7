// Giving up root once the sockets are open, and proof of it. capabilities(7): leaving uid 0 clears the permitted and effective sets.
import { readFileSync } from 'node:fs';
import { UserError } from './errors.ts';

/** `nonroot` of distroless images. */
export const NONROOT_ID = 65_532;
const STATUS = '/proc/self/status';
const NO_CAPABILITY = /^0+$/;

export interface Privileges {
  readonly uid: number;
  /** CapEff as the kernel prints it: sixteen hexadecimal digits; empty where it does not tell. */
  readonly capabilities: string;
}

export function currentPrivileges(): Privileges {
  return { uid: process.getuid?.() ?? 0, capabilities: effectiveCapabilities() };
}

function effectiveCapabilities(): string {
  try {
    return /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync(STATUS, 'utf8'))?.[1] ?? '';
  } catch {
    // No Linux, or /proc is not mounted: then nothing is claimed.
    return '';
  }
}

/**
 * Becomes uid and gid 65532 where the process is root. Throws UserError where that fails or leaves a capability:
 * a decoy that touches attackers' bytes as root must not run.
 */
export function dropPrivileges(): Privileges {
  if (process.getuid?.() !== 0) return currentPrivileges();
  try {
    process.setgroups?.([]);
    process.setgid?.(NONROOT_ID);
    process.setuid?.(NONROOT_ID);
  } catch (error) {
    throw new UserError(
      'PRIVILEGE',
      `uid 0: cannot become uid ${NONROOT_ID} (${error instanceof Error ? error.message : error}); add the capabilities SETUID and SETGID`,
    );
  }
  const left = currentPrivileges();
  if (left.uid !== NONROOT_ID || (left.capabilities !== '' && !NO_CAPABILITY.test(left.capabilities))) {
    throw new UserError('PRIVILEGE', `uid ${left.uid} still holds capabilities ${left.capabilities}; none is allowed`);
  }
  return left;
}
