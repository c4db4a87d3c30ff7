// Commands sent one after the other on a connection that is let in, and what each is told.
import { type Fingerprint, fingerprint } from './check.ts';
import { type As, letIn, type Peer } from './peer.ts';

export const FULL = 0x01ffa685;
export const query = (text: string) => Buffer.from(`\x03${text}`);

export function hex(text: string): Buffer {
  return Buffer.from(text.replace(/ /g, ''), 'hex');
}

/** Silence after which an answer is whole, in ms. */
const SHORT_MS = 60;
/** COM_STMT_SEND_LONG_DATA and COM_STMT_CLOSE are not answered, and COM_QUIT. */
const UNANSWERED: ReadonlySet<number> = new Set([1, 0x18, 0x19]);

const CHANGE_USER = 0x11;
const SHOWN_CHARACTERS = 300;
/** An AuthSwitchRequest as it is told: the salt is another each time. */
const SWITCH = /^(#1 \\xfe[a-z0-9_]+\\x00).*$/;

/** Commands one after the other; what each is told. */
export function told(name: string, commands: readonly (Buffer | string)[], as: As = {}): Fingerprint {
  return fingerprint(name, async (port) => {
    const peer = await letIn(port, { capabilities: FULL, ...as });
    const answers: string[][] = [];
    for (const command of commands) {
      peer.send(0, typeof command === 'string' ? query(command) : command);
      const silent = typeof command !== 'string' && UNANSWERED.has(command[0] as number);
      const answer = silent ? [] : (await peer.told(SHORT_MS)).map((text) => text.slice(0, SHOWN_CHARACTERS));
      answers.push(answer.map((text) => text.replace(SWITCH, '$1 SALT')));
      // Whoever changes the user is asked for a password anew, whatever came along: none is told.
      if (command[0] !== CHANGE_USER || !SWITCH.test(answer[0] ?? '')) continue;
      peer.send(2, '');
      answers.push(await peer.told(SHORT_MS));
    }
    const end = await peer.stays();
    peer.leave();
    return { answers, end };
  });
}

export async function ask(peer: Peer, text: string): Promise<string[]> {
  peer.send(0, query(text));
  return peer.told(SHORT_MS);
}
