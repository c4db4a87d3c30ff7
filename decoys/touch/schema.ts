// The touch line: schema and type as one value. It is the only thing `decoys/` and `alerts/` share.
// Field names are ECS 8.10 (https://www.elastic.co/guide/en/ecs/8.10); what ECS lacks lives under `honeypod.*`.
import { type Static, type TProperties, Type } from 'typebox';

function closed<T extends TProperties>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

const Text = Type.String();
const Count = Type.Integer({ minimum: 0 });
const Port = Type.Integer({ minimum: 0, maximum: 65535 });
const Time = Type.String({ format: 'date-time' });
const Texts = Type.Array(Text);

export const DECOYS = ['app', 'dashboard', 'db'] as const;

const Decoy = Type.Union([Type.Literal('app'), Type.Literal('dashboard'), Type.Literal('db')]);

const Endpoint = closed({
  ip: Type.Optional(Text),
  address: Type.Optional(Text),
  port: Type.Optional(Port),
  bytes: Type.Optional(Count),
  packets: Type.Optional(Count),
});

const Http = closed({
  version: Type.Optional(Text),
  request: Type.Optional(
    closed({
      method: Type.Optional(Text),
      bytes: Type.Optional(Count),
      referrer: Type.Optional(Text),
      mime_type: Type.Optional(Text),
      body: Type.Optional(closed({ bytes: Type.Optional(Count), content: Type.Optional(Text) })),
    }),
  ),
  response: Type.Optional(
    closed({
      status_code: Type.Optional(Count),
      bytes: Type.Optional(Count),
      mime_type: Type.Optional(Text),
      body: Type.Optional(closed({ bytes: Type.Optional(Count) })),
    }),
  ),
});

const Url = closed({
  original: Type.Optional(Text),
  path: Type.Optional(Text),
  query: Type.Optional(Text),
  domain: Type.Optional(Text),
  port: Type.Optional(Port),
  scheme: Type.Optional(Text),
});

const Tls = closed({
  established: Type.Optional(Type.Boolean()),
  version: Type.Optional(Text),
  version_protocol: Type.Optional(Text),
  cipher: Type.Optional(Text),
  next_protocol: Type.Optional(Text),
  client: Type.Optional(
    closed({ server_name: Type.Optional(Text), ja4: Type.Optional(Text), supported_ciphers: Type.Optional(Texts) }),
  ),
});

const Threat = closed({
  framework: Type.Literal('MITRE ATT&CK'),
  tactic: closed({ id: Texts, name: Texts }),
  technique: closed({ id: Texts, name: Texts }),
});

/** MySQL's part of a touch. Words as in the MySQL protocol documentation (page_protocol_basics). */
const Mysql = closed({
  command: Type.Optional(Text),
  statement: Type.Optional(Text),
  statement_bytes: Type.Optional(Count),
  statement_sha256: Type.Optional(Text),
  parameters: Type.Optional(Texts),
  database: Type.Optional(Text),
  client: Type.Optional(Text),
  auth_plugin: Type.Optional(Text),
  attributes: Type.Optional(Type.Record(Text, Text)),
  capabilities: Type.Optional(Count),
  connection_id: Type.Optional(Count),
  error_code: Type.Optional(Count),
  sqlstate: Type.Optional(Text),
  rows: Type.Optional(Count),
});

const Honeypod = closed({
  decoy: Decoy,
  /** Touches in this line. The sum over lines, plus `lost`, is what arrived. */
  count: Type.Optional(Count),
  /** Touches the kernel or a stalled log reader took from us since the line before; only heartbeats carry it. */
  lost: Type.Optional(Count),
  /** Packets the kernel counted that no raw socket delivered, by kind; only app writes it. */
  unseen: Type.Optional(Type.Record(Text, Count)),
  /** Packets that arrived and are no touches, by kind; only app writes it. In a heartbeat, as `unseen`: since the start. */
  ignored: Type.Optional(Type.Record(Text, Count)),
  session: Type.Optional(Text),
  endpoint: Type.Optional(Text),
  /** Messages of the touches folded into this line, each once, the first few. */
  samples: Type.Optional(Texts),
  /** Sources behind an unattributed line, estimated. */
  sources: Type.Optional(Count),
  icmp: Type.Optional(
    closed({
      type: Type.Integer({ minimum: 0, maximum: 255 }),
      code: Type.Integer({ minimum: 0, maximum: 255 }),
      id: Type.Optional(Count),
      sequence: Type.Optional(Count),
      ttl: Type.Optional(Count),
    }),
  ),
  tcp: Type.Optional(
    closed({
      flags: Type.Optional(Text),
      ports: Type.Optional(Text),
      options: Type.Optional(Text),
      window: Type.Optional(Count),
      ttl: Type.Optional(Count),
    }),
  ),
  udp: Type.Optional(closed({ ports: Type.Optional(Text), ttl: Type.Optional(Count), bytes: Type.Optional(Count) })),
  ip: Type.Optional(
    closed({
      protocol: Type.Optional(Count),
      ttl: Type.Optional(Count),
      id: Type.Optional(Count),
      tos: Type.Optional(Count),
      options: Type.Optional(Text),
    }),
  ),
  scan: Type.Optional(
    closed({
      kind: Type.Optional(Text),
      /** Every verdict its source has earned, `kind` among them. */
      kinds: Type.Optional(Texts),
      tool: Type.Optional(Text),
      /** Distinct ports as sorted ranges, `1-1000,3306`; cut at a comma when long. */
      ports: Type.Optional(Text),
      /** How many distinct ports, exact also where `ports` is cut. */
      distinct_ports: Type.Optional(Count),
      /** Touches a second over the folded time. */
      rate: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  ),
  mysql: Type.Optional(Mysql),
  http: Type.Optional(closed({ headers: Type.Optional(Texts), body_sha256: Type.Optional(Text) })),
  /** Prefix of what was sent: printable ASCII as it is, everything else as \xNN, backslash doubled. */
  payload: Type.Optional(Text),
  payload_bytes: Type.Optional(Count),
  payload_sha256: Type.Optional(Text),
  truncated: Type.Optional(Type.Boolean()),
  signature: Type.Optional(Text),
  canary: Type.Optional(Text),
  credential: Type.Optional(
    closed({
      user: Type.Optional(Text),
      password: Type.Optional(Text),
      /** In place of `password` with LOG_CREDENTIALS=false: HMAC-SHA256 under a salt that lives as long as the process. */
      password_hash: Type.Optional(Text),
      scramble: Type.Optional(Text),
      salt: Type.Optional(Text),
      hashcat: Type.Optional(Text),
    }),
  ),
  /** Heartbeat fields. */
  mode: Type.Optional(Text),
  touches: Type.Optional(Count),
  lines: Type.Optional(Count),
  ports: Type.Optional(Type.Array(Port)),
  uid: Type.Optional(Count),
  capabilities: Type.Optional(Text),
  receive_buffer: Type.Optional(Count),
  canaries: Type.Optional(Type.Boolean()),
});

export const TouchLine = Type.Object(
  {
    'log.level': Type.Union([Type.Literal('info'), Type.Literal('warn')]),
    '@timestamp': Time,
    observer: closed({
      type: Type.Literal('honeypod'),
      vendor: Type.Literal('honeypods'),
      product: Decoy,
      version: Text,
    }),
    orchestrator: closed({
      type: Type.Literal('kubernetes'),
      cluster: Type.Optional(closed({ name: Text })),
      namespace: Type.Optional(Text),
      resource: closed({
        type: Type.Literal('pod'),
        name: Text,
        ip: Texts,
        id: Type.Optional(Text),
        label: Texts,
      }),
    }),
    host: Type.Optional(closed({ name: Text })),
    agent: closed({ ephemeral_id: Text }),
    'ecs.version': Text,
    event: closed({
      kind: Type.Union([Type.Literal('event'), Type.Literal('metric')]),
      category: Texts,
      type: Texts,
      action: Text,
      outcome: Type.Union([Type.Literal('success'), Type.Literal('failure'), Type.Literal('unknown')]),
      module: Type.Literal('honeypod'),
      dataset: Type.Union([Type.Literal('honeypod.touch'), Type.Literal('honeypod.heartbeat')]),
      id: Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' }),
      sequence: Type.Integer({ minimum: 1 }),
      start: Type.Optional(Time),
      end: Type.Optional(Time),
      duration: Type.Optional(Count),
      reason: Type.Optional(Text),
      original: Type.Optional(Text),
    }),
    process: Type.Optional(closed({ uptime: Count })),
    source: Type.Optional(Endpoint),
    destination: Type.Optional(Endpoint),
    network: Type.Optional(
      closed({
        type: Type.Optional(Type.Union([Type.Literal('ipv4'), Type.Literal('ipv6')])),
        transport: Type.Optional(Text),
        iana_number: Type.Optional(Text),
        protocol: Type.Optional(Text),
        direction: Type.Optional(Type.Literal('ingress')),
        community_id: Type.Optional(Text),
      }),
    ),
    http: Type.Optional(Http),
    url: Type.Optional(Url),
    user_agent: Type.Optional(closed({ original: Text })),
    user: Type.Optional(closed({ name: Text })),
    tls: Type.Optional(Tls),
    related: Type.Optional(
      closed({ ip: Type.Optional(Texts), user: Type.Optional(Texts), hosts: Type.Optional(Texts) }),
    ),
    threat: Type.Optional(Threat),
    honeypod: Honeypod,
    message: Text,
  },
  { additionalProperties: false, $id: 'touch.schema.json', title: 'Touch line' },
);

export type TouchLine = Static<typeof TouchLine>;
export type HoneypodFields = TouchLine['honeypod'];
export type DecoyName = (typeof DECOYS)[number];
export type Outcome = TouchLine['event']['outcome'];
