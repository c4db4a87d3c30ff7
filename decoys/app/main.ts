// app: the decoy that looks like an empty pod. It opens no port and sees every packet.
import { UserError } from '../touch/errors.ts';
import { openCounters } from '../touch/kernel-counters.ts';
import { runDecoy } from '../touch/run.ts';
import { RawUnavailable } from './raw-sockets.ts';
import { settingsFrom } from './settings.ts';
import { watchCounters } from './watch-counters.ts';
import { watchRaw } from './watch-raw.ts';

function tell(message: string): void {
  process.stderr.write(`app: ${message}\n`);
}

await runDecoy({
  name: 'app',
  settings: settingsFrom,
  async start({ watch, siblings }, recorder) {
    const counters = openCounters();
    if (watch !== 'counters') {
      try {
        return watchRaw({ recorder, counters, siblings, onDiagnostic: tell });
      } catch (error) {
        if (!(error instanceof RawUnavailable)) throw error;
        if (watch === 'raw') {
          throw new UserError(
            'RAW_UNAVAILABLE',
            `WATCH="raw": raw sockets are not to be had (${error.message}); run as root with NET_RAW or allow WATCH=auto`,
          );
        }
        tell(`no raw sockets (${error.message}): falling back to the kernel's counters`);
      }
    }
    return watchCounters({ recorder, counters, shared: siblings.size > 0 });
  },
});
