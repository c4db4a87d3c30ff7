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
      /** Why this line was written: the event is new, has grown, goes on, or has been quiet. */
      notice: Type.Union([
        Type.Literal('opened'),
        Type.Literal('escalated'),
        Type.Literal('reminded'),
        Type.Literal('closed'),
      ]),
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
      evidence: closed({
        users: Type.Optional(Texts),
        credentials: Type.Optional(
          Type.Array(
            closed({
              user: Type.Optional(Text),
              password: Type.Optional(Text),
              password_hash: Type.Optional(Text),
            }),
          ),
        ),
        statements: Type.Optional(Texts),
        paths: Type.Optional(Texts),
        user_agents: Type.Optional(Texts),
        signatures: Type.Optional(Texts),
        canaries: Type.Optional(Texts),
        tools: Type.Optional(Texts),
        fingerprints: Type.Optional(Texts),
        /** Distinct ports as sorted ranges. */
        ports: Type.Optional(Text),
        /** Things that found no room. */
        omitted: Type.Optional(Count),
      }),
      attack_vector: Type.Optional(Text),
      mitigations: Type.Optional(Texts),
    }),
    message: Text,
  },
  { additionalProperties: false, $id: 'alert.schema.json', title: 'Alert line' },
);

export type AlertLine = Static<typeof AlertLine>;
