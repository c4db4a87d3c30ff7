// Fingerprints of a session inside TLS: what it is told of its channel.
import { type Fingerprint, fingerprint } from './check.ts';
import { inside } from './tls-client.ts';

export const TLS_SESSION: readonly Fingerprint[] = [
  fingerprint('TLS: what the session tells of itself', async (port) =>
    (
      await inside(port, [
        "show session status like 'Ssl_cipher'",
        "show session status like 'Ssl_version'",
        "show session status like 'Ssl_cipher_list'",
        "show session status like 'Ssl_default_timeout'",
        "show session status like 'Ssl_verify%'",
        "show session status like 'Ssl_sessions_reused'",
        "show session status like 'Ssl_session_cache%'",
      ])
    ).map((cells) => cells.slice(3)),
  ),
  fingerprint('TLS 1.2: what the session tells of itself', async (port) =>
    (
      await inside(
        port,
        [
          "show session status like 'Ssl_cipher'",
          "show session status like 'Ssl_version'",
          "show session status like 'Ssl_cipher_list'",
        ],
        { maxVersion: 'TLSv1.2' },
      )
    ).map((cells) => cells.slice(3)),
  ),
  fingerprint('TLS: the channel in performance_schema', async (port) =>
    (
      await inside(port, [
        "select PROPERTY, VALUE from performance_schema.tls_channel_status where PROPERTY not like '%not_%' and PROPERTY not like '%accept%' and PROPERTY not like '%session%'",
        'select VARIABLE_NAME from performance_schema.status_by_thread where VARIABLE_NAME like "Ssl%" limit 2',
        'select CONNECTION_TYPE from performance_schema.threads where PROCESSLIST_ID = connection_id()',
      ])
    ).map((cells) => cells.slice(3)),
  ),
  fingerprint('TLS: Ssl_accepts grows with each', async (port) => {
    const [[, , , before = ''] = [], [, , , finished = ''] = []] = await inside(port, [
      "show global status like 'Ssl_accepts'",
      "show global status like 'Ssl_finished_accepts'",
    ]);
    const [[, , , after = ''] = []] = await inside(port, ["show global status like 'Ssl_accepts'"]);
    const number = (text: string) => Number(text.split(/\\x../).pop()?.replace(/\D/g, ''));
    return { grows: number(after) > number(before), finished: number(finished) > 0 };
  }),
];
