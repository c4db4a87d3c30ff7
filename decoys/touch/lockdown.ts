// What a decoy under Node's permission model gives up once it listens: the sockets and files it has open stay, new ones are refused.
// nodejs.org/api/permissions.html; a drop cannot be undone from JavaScript.

/** Scopes a running decoy needs no longer: its bundle and addon are loaded, the kernel's counters are open, its ports listen. */
const SCOPES = ['net', 'addon', 'fs'] as const;

/** Without `--permission` (npm start, tests) there is nothing to give up and this does nothing. */
export function lockDown({ permission }: Pick<NodeJS.Process, 'permission'> = process): void {
  for (const scope of permission ? SCOPES : []) permission.drop(scope);
}
