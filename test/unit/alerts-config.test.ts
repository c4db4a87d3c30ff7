// The configuration file of `alerts`: what it takes, and one clear line for each mistake.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../alerts/config/config.ts';
import { UserError } from '../../decoys/touch/errors.ts';

const root = mkdtempSync(join(tmpdir(), 'alerts-config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const secret = join(root, 'secret');
writeFileSync(secret, 'of the test\n');
const empty = join(root, 'empty');
writeFileSync(empty, '\n');

const CONTEXT = {
  sink: { write: () => true, end: () => Promise.resolve() },
  openEvents: () => [],
  say: () => {},
};

function outputsOf(text: string, env = {}): { name: string; minSeverity: number }[] {
  const { config, mistakes } = parseConfig(text, env);
  expect(mistakes).toEqual([]);
  return config!.outputs.map((make) => {
    const output = make(CONTEXT);
    output.close?.();
    return { name: output.name, minSeverity: output.minSeverity };
  });
}

describe('the configuration', () => {
  it('takes every output with every setting', () => {
    const text = `
events: { quiet: 15m, remind: 4h }
delivery: { longestPause: 30s, keep: 2d }
outputs:
  - { type: stdout, passwords: true, minSeverity: 10 }
  - { type: alertmanager, url: 'http://alertmanager:9093/prefix', resend: 30s, labels: { team: blue } }
  - { type: falcosidekick, url: 'http://falcosidekick:2801', timeout: 5s }
  - { type: webhook, name: soc, url: 'https://soc.example/in', secret: { file: ${secret} }, headers: { x-team: blue, authorization: { env: TOKEN } } }
  - { type: slack, url: { env: SLACK_URL }, minSeverity: 90 }
  - { type: syslog, address: 'tls://[2001:db8::1]:6514', facility: auth, ca: ${secret} }
  - { type: syslog, name: off, address: 'tcp://siem:514', off: true }`;
    const env = { TOKEN: 'Bearer x', SLACK_URL: 'https://hooks.slack.example/services/1' };
    expect(outputsOf(text, env)).toEqual([
      { name: 'stdout', minSeverity: 10 },
      { name: 'alertmanager', minSeverity: 1 },
      { name: 'falcosidekick', minSeverity: 1 },
      { name: 'soc', minSeverity: 1 },
      { name: 'slack', minSeverity: 90 },
      { name: 'syslog', minSeverity: 1 },
    ]);
    const { config } = parseConfig(text, env);
    expect(config).toMatchObject({
      quietMs: 900_000,
      remindMs: 14_400_000,
      longestPauseMs: 30_000,
      keptMs: 172_800_000,
    });
  });

  it.each(['', 'outputs: []', 'events: {}'])('%j leaves alert lines on standard output', (text) => {
    expect(outputsOf(text)).toEqual([{ name: 'stdout', minSeverity: 1 }]);
  });

  it('leaves standard output out where told', () => {
    expect(outputsOf('outputs: [{ type: stdout, off: true }]')).toEqual([]);
  });

  it.each([
    ['events: { quiet: soon }', 'events.quiet: "soon" must be a time such as 30s, 10m or 4h'],
    ['events: { quiet: 1ms }', 'events.quiet: "1ms" must be from 1s to 7d'],
    ['events: 5m', 'events: "5m" must be a map of settings'],
    ['event: {}', 'event: is no setting here; allowed are events, delivery, outputs'],
    ['outputs: { type: slack }', 'outputs: {"type":"slack"} must be a list'],
    [
      'outputs: [slack]',
      'outputs[0]: "slack" must be a map of settings',
      'outputs[0].type: is missing: one of stdout, alertmanager, falcosidekick, webhook, slack, syslog',
    ],
    [
      'outputs: [{ type: pager }]',
      'outputs[0].type: "pager" must be one of stdout, alertmanager, falcosidekick, webhook, slack, syslog',
    ],
    ['outputs: [{ type: webhook }]', 'outputs[0].url: is missing: http://… or https://…'],
    ['outputs: [{ type: webhook, url: "ftp://x" }]', 'outputs[0].url: "ftp://x" must be http://… or https://…'],
    [
      'outputs: [{ type: webhook, url: "http://me:pw@x" }]',
      'outputs[0].url: must not hold a user or password; give a header instead',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", secret: hush }]',
      'outputs[0].secret: must be {file: PATH} or {env: NAME}; secrets do not stand in the configuration itself',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", secret: { env: NONE } }]',
      'outputs[0].secret: the environment has no NONE',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", secret: { file: /no/such } }]',
      'outputs[0].secret: /no/such cannot be read (ENOENT)',
    ],
    [
      `outputs: [{ type: webhook, url: "http://x", secret: { file: ${empty} } }]`,
      `outputs[0].secret: ${empty} is empty`,
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", headers: { authorization: abc } }]',
      'outputs[0].headers.authorization: must be {file: PATH} or {env: NAME}; secrets do not stand in the configuration itself',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", headers: { "a b": c } }]',
      'outputs[0].headers: "a b" must be a header name',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", headers: { a: "b\\nc" } }]',
      'outputs[0].headers: a: its value must be printable ASCII on one line',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", minSeverity: 101 }]',
      'outputs[0].minSeverity: 101 must be a whole number from 1 to 100',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", passwords: yes please }]',
      'outputs[0].passwords: "yes please" must be true or false',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x", naem: y }]',
      'outputs[0].naem: is no setting here; allowed are type, name, off, minSeverity, passwords, url, headers, ca, timeout, secret',
    ],
    [
      'outputs: [{ type: webhook, url: "http://x" }, { type: webhook, url: "http://y" }]',
      'outputs[1].name: "webhook" is taken by an output before; give each a name of its own',
    ],
    [
      'outputs: [{ type: webhook, name: "A b", url: "http://x" }]',
      'outputs[0].name: "A b" must be lower-case letters, digits and "-"',
    ],
    [
      'outputs: [{ type: slack, url: "https://hooks" }]',
      'outputs[0].url: must be {file: PATH} or {env: NAME}; secrets do not stand in the configuration itself',
    ],
    ['outputs: [{ type: slack, url: { env: NO_URL } }]', 'outputs[0].url: must be http://… or https://…'],
    [
      'outputs: [{ type: alertmanager, url: "http://x", labels: { a-b: c } }]',
      'outputs[0].labels: "a-b" must be a label: letters, digits and "_"',
    ],
    ['outputs: [{ type: syslog }]', 'outputs[0].address: is missing: tcp://HOST:PORT or tls://HOST:PORT'],
    [
      'outputs: [{ type: syslog, address: "udp://x:514" }]',
      'outputs[0].address: "udp://x:514" must be tcp://HOST:PORT or tls://HOST:PORT',
    ],
    [
      'outputs: [{ type: syslog, address: "tcp://x:70000" }]',
      'outputs[0].address: "tcp://x:70000" must be tcp://HOST:PORT or tls://HOST:PORT',
    ],
    [
      'outputs: [{ type: syslog, address: "tcp://x:1", facility: mail }]',
      'outputs[0].facility: "mail" must be one of user, daemon, auth, authpriv, local0, local1, local2, local3, local4, local5, local6, local7',
    ],
    ['a: [', 'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 5'],
  ])('%s is told of', (text, ...messages) => {
    expect(parseConfig(text, { NO_URL: 'not an address' })).toEqual({ mistakes: messages });
  });

  it('tells of every mistake at once, each on a line that names the file', () => {
    const file = join(root, 'two.yaml');
    writeFileSync(file, 'events: { quiet: x }\noutputs: [{ type: y }]');
    const error = (() => {
      try {
        loadConfig(file, {});
      } catch (thrown) {
        return thrown;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(UserError);
    const lines = (error as UserError).message.split('\n');
    expect(lines.length).toBe(2);
    for (const line of lines) expect(line).toContain(`--config ${file}: `);
  });

  it('never throws for what a file holds', () => {
    const keys = fc.constantFrom(
      'events',
      'outputs',
      'delivery',
      'type',
      'url',
      'secret',
      'quiet',
      'headers',
      'webhook',
      'syslog',
      'file',
      'env',
    );
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        keys,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keys, tie('value'), { maxKeys: 4 }),
      ),
    })).value;
    fc.assert(
      fc.property(
        fc.oneof(
          tree.map((value) => JSON.stringify(value) ?? ''),
          fc.string(),
        ),
        (text) => {
          const { config, mistakes } = parseConfig(text, {});
          expect(config === undefined).toBe(mistakes.length > 0);
          for (const mistake of mistakes) expect(mistake).not.toMatch(/[\n\r]/);
        },
      ),
      { numRuns: 400 },
    );
  });
});
