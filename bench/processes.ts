// What processes cost: CPU time and memory as the kernel counts them (proc_pid_schedstat, proc_pid_status(5)).
import { readdirSync, readFileSync } from 'node:fs';

/** The process and all it started. */
export function family(pid: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2])] as const];
      } catch {
        return []; // Ended meanwhile.
      }
    });
  const members = [pid];
  for (const member of members) for (const [child, parent] of parents) if (parent === member) members.push(child);
  return members;
}

/** User and system time of all threads of these processes so far, µs. */
export function cpuUs(pids: readonly number[]): number {
  let sum = 0;
  for (const pid of pids)
    for (const thread of readdirSync(`/proc/${pid}/task`))
      sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1').split(' ')[0]) / 1_000;
  return sum;
}

/** CPU time of one `run`, µs, over so many of them, `atOnce` side by side, once `warmUp` have gone before. */
export async function cpuUsOf(
  pids: readonly number[],
  { runs, warmUp, atOnce }: { readonly runs: number; readonly warmUp: number; readonly atOnce: number },
  run: () => Promise<void>,
): Promise<number> {
  const spread = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left-- > 0) await run();
    };
    await Promise.all(Array.from({ length: atOnce }, worker));
  };
  await spread(warmUp);
  const before = cpuUs(pids);
  await spread(runs);
  return (cpuUs(pids) - before) / runs;
}

function statusMb(pids: readonly number[], field: 'VmRSS' | 'VmHWM'): number {
  const kb = (pid: number) =>
    Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
  return pids.reduce((sum, pid) => sum + kb(pid), 0) / 1_024;
}

/** Resident now, MB. */
export const residentMb = (pids: readonly number[]) => statusMb(pids, 'VmRSS');
/** The most that ever was resident, MB. */
export const peakMb = (pids: readonly number[]) => statusMb(pids, 'VmHWM');
