// What a program under Node's permission model gives up once it listens: sockets and addons it has stay, new ones are refused.
// nodejs.org/api/permissions.html; a drop cannot be undone from JavaScript.

const READ = '--allow-fs-read=';
/** Kernel counters and the process's own state are polled for as long as the decoy lives. */
const POLLED = '/proc/';

/** Without `--permission` (npm start, tests) there is nothing to give up and this does nothing. */
export function lockDown({ permission, execArgv }: Pick<NodeJS.Process, 'permission' | 'execArgv'> = process): void {
  if (!permission) return;
  permission.drop('net');
  permission.drop('addon');
  // A grant can only be dropped by the words it was given in.
  const reads = execArgv.filter((flag) => flag.startsWith(READ)).map((flag) => flag.slice(READ.length));
  for (const path of reads) if (!path.startsWith(POLLED)) permission.drop('fs.read', path);
}
