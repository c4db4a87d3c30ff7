// Fingerprints of commands: those that are seldom asked, those a server does not know, and KILL.
import { loginBody, packet } from '../wire-login.ts';
import { type Fingerprint, fingerprint } from './check.ts';
import { ask, FULL, hex, query, told } from './command-client.ts';
import { greeted, letIn } from './peer.ts';

const CODES = [0, 5, 6, 7, 8, 10, 11, 12, 15, 16, 19, 20, 29, 32, 33, 34, 64, 127, 200];

export const COMMANDS: readonly Fingerprint[] = [
  ...CODES.map((code) =>
    told(`command ${code} with a body`, [
      Buffer.concat([Buffer.from([code]), Buffer.from('\x01\0\0\0mysql\0x\0')]),
      'select 1',
    ]),
  ),
  told('COM_PROCESS_KILL of a thread that is not', [hex('0cffffff7f'), 'show warnings']),
  told('COM_FIELD_LIST of a table', ['use mysql', Buffer.from('\x04func\0%')]),
  told('COM_FIELD_LIST of no table', ['use mysql', Buffer.from('\x04nosuch\0%')]),
  told('COM_FIELD_LIST without a database', [Buffer.from('\x04user\0%')]),
  told('COM_INIT_DB twice', [Buffer.from('\x02mysql'), Buffer.from('\x02sys'), 'select database()']),
  told(
    'COM_SET_OPTION, then two statements',
    [hex('1b0000'), 'select 1; select 2', hex('1b0100'), 'select 1; select 2'],
    { capabilities: FULL & ~0x10000 },
  ),
  told('COM_RESET_CONNECTION', [
    'set @a=1, autocommit=0, names latin1',
    'use mysql',
    hex('1f'),
    'select @a, @@autocommit, @@character_set_client, database()',
  ]),
  told('COM_CHANGE_USER to root', [
    'set @a=1',
    Buffer.concat([hex('11'), Buffer.from('root\0\0mysql\0'), hex('ff00'), Buffer.from('caching_sha2_password\0\0')]),
    'select @a, database()',
  ]),
  told('COM_CHANGE_USER to nobody', [
    Buffer.concat([hex('11'), Buffer.from('root\0\0nosuch\0'), hex('ff00'), Buffer.from('caching_sha2_password\0\0')]),
  ]),
  told('COM_DEBUG and COM_STATISTICS end', [hex('0d'), 'select 1']),
  fingerprint('KILL QUERY of a sleeping statement', async (port) => {
    const { peer, salt, greeting } = await greeted(port);
    const id = greeting.readUInt32LE(greeting.indexOf(0, 5) + 1);
    peer.send(1, loginBody(salt));
    await peer.packet();
    peer.write(packet(0, query('select sleep(20)')));
    const other = await letIn(port);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const killed = await ask(other, `kill query ${id}`);
    const answer = await peer.told();
    const gone = await ask(other, `kill ${id}`);
    const after = await peer.ended();
    return { killed, answer, gone, after, none: await ask(other, 'kill 4000000000') };
  }),
  fingerprint('KILL of oneself', async (port) => {
    const peer = await letIn(port);
    return { told: await ask(peer, 'kill connection_id()'), end: await peer.ended() };
  }),
  fingerprint('KILL QUERY of oneself', async (port) => {
    const peer = await letIn(port);
    return { told: await ask(peer, 'kill query connection_id()'), after: await ask(peer, 'select 1') };
  }),
];
