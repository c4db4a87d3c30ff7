// The alert line: one security event as ECS (`event.kind: alert`), schema and type as one value.
import { type Static, type TProperties, Type } from 'typebox';

function closed<T extends TProperties>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

const Text = Type.String();
const Texts = Type.Array(Text);
const Time = Type.String({ format: 'date-time' });
const Count = Type.Integer({ minimum: 0 });
const Side = closed({ ip: Type.Optional(Text), address: Type.Optional(Text), port: Type.Optional(Count) });

export const AlertLine = Type.Object(
  {
    'log.level': Type.Literal('warn'),
    '@timestamp': Time,
    observer: closed({
      type: Type.Literal('honeypod'),
      vendor: Type.Literal('honeypods'),
      product: Type.Literal('alerts'),
      version: Text,
    }),
    'ecs.version': Text,
    event: closed({
      kind: Type.Literal('alert'),
      category: Texts,
      type: Texts,
      action: Text,
      outcome: Text,
      module: Type.Literal('honeypod'),
      dataset: Type.Literal('honeypod.event'),
      id: Text,
      severity: Type.Integer({ minimum: 1, maximum: 100 }),
      risk_score: Type.Integer({ minimum: 1, maximum: 100 }),
      start: Time,
      end: Time,
    }),
    rule: closed({ id: Text, name: Text, category: Type.Optional(Text), ruleset: Text, description: Text }),
    source: Side,
    destination: Side,
    threat: Type.Optional(
      closed({
        framework: Text,
        tactic: closed({ id: Texts, name: Texts }),
        technique: closed({ id: Texts, name: Texts }),
      }),
    ),
    orchestrator: closed({
      type: Text,
      cluster: Type.Optional(closed({ name: Text })),
      namespace: Type.Optional(Text),
      resource: closed({ type: Text, name: Text, label: Texts }),
    }),
    related: closed({ ip: Texts, user: Type.Optional(Texts) }),
    honeypod: closed({
      decoy: Text,
      state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
      touches: closed({ count: Count, ids: Texts }),
      source: closed({
        kind: Text,
        confidence: Text,
        namespace: Type.Optional(Text),
        pod: Type.Optional(Text),
        uid: Type.Optional(Text),
        node: Type.Optional(Text),
        owner: Type.Optional(Text),
        service_account: Type.Optional(Text),
        image: Type.Optional(Text),
      }),
      attack_vector: Type.Optional(Text),
      mitigations: Type.Optional(Texts),
    }),
    message: Text,
  },
  { additionalProperties: false, $id: 'alert.schema.json', title: 'Alert line' },
);

export type AlertLine = Static<typeof AlertLine>;
