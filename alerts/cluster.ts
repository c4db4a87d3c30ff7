// `--cluster`: everything that hangs on the Kubernetes API, put together. Decoys' logs in, culprits named, rules and exceptions live.
import { attributeFrom } from './attribution/attribute.ts';
import { createInventory, type Inventory } from './attribution/inventory.ts';
import { createPatience } from './attribution/patience.ts';
import { watchCluster } from './attribution/watch-cluster.ts';
import type { Exceptions } from './exceptions/exceptions.ts';
import type { Health } from './health/health.ts';
import { type DecoyPod, followCluster } from './input/cluster.ts';
import type { Connection } from './kubernetes/connection.ts';
import { createApi } from './kubernetes/request.ts';
import type { Pipeline, PipelineOptions } from './pipeline.ts';
import { followLiveRules, type LiveRules } from './rules/live.ts';
import type { Rule } from './rules/rule.ts';

/** Lines wait this long at most for the first list of pods and nodes: later than that an unnamed culprit is better than none. */
const SYNC_MS = 10_000;
const TICK_MS = 1_000;
const FORGET_MS = 60_000;

export interface ClusterModeOptions {
  readonly connection: Connection;
  readonly namespaces: readonly string[];
  readonly selector: string;
  readonly exceptions: Exceptions;
  readonly health: Health;
  readonly signal: AbortSignal;
  readonly say: (message: string) => void;
  /** Rules that hold beside those in the cluster; one of the cluster takes the place of one of its name. */
  readonly ownRules: readonly Rule[];
  /** True where `ownRules` only stand in until the cluster has rules of its own. */
  readonly standIn: boolean;
}

export interface ClusterMode {
  readonly attribute: NonNullable<PipelineOptions['attribute']>;
  readonly waitFor: NonNullable<PipelineOptions['waitFor']>;
  readonly onMatch: NonNullable<PipelineOptions['onMatch']>;
  /** A touch was put to the rules. */
  onTouch(): void;
  readonly inventory: Inventory;
  /** Follows the decoys until `signal`. */
  read(pipeline: Pipeline, positionOf: (stream: string) => string | undefined): Promise<void>;
}

export function createClusterMode(options: ClusterModeOptions): ClusterMode {
  const { connection, namespaces, selector, exceptions, health, signal, say, ownRules, standIn } = options;
  const api = createApi(connection);
  const inventory = createInventory();
  const patience = createPatience({ isOpen: (ip, atMs) => inventory.mayBeNew(ip, atMs) });
  const saidBefore = new Map<string, string>();
  let live: LiveRules | undefined;

  /** Says what changed; the same trouble is not said twice in a row. */
  function tell(what: string, message: string): void {
    if ((saidBefore.get(what) ?? '') === message) return;
    saidBefore.set(what, message);
    say(message === '' ? `${what}: works again` : `${what}: ${message}`);
  }

  function rulesWith(found: readonly Rule[]): readonly Rule[] {
    if (standIn && found.length > 0) return found;
    const names = new Set(found.map(({ name }) => name));
    return [...found, ...ownRules.filter(({ name }) => !names.has(name))];
  }

  return {
    inventory,
    attribute: attributeFrom(inventory),
    waitFor(line, go) {
      const { ip } = line.source ?? {};
      const atMs = Date.parse(line.event.end ?? line['@timestamp']);
      return ip !== undefined && patience.wait({ ip, atMs, go });
    },
    onMatch: ({ rule }, nowMs) => live?.fired(rule.name, nowMs),
    onTouch: () => live?.executed(),
    async read(pipeline, positionOf) {
      const { synced, done } = watchCluster({
        api,
        inventory,
        signal,
        onTrouble: tell,
        onAddresses: (ips) => patience.named(ips),
      });
      live = followLiveRules({
        api,
        exceptions,
        signal,
        onRules(found) {
          const rules = rulesWith(found);
          pipeline.setRules(rules);
          say(`${rules.length} rules: ${rules.map(({ name }) => name).join(', ')}`);
        },
        onTrouble: tell,
        onError: (message) => tell(message.slice(0, message.indexOf(':')), message.slice(message.indexOf(':') + 2)),
      });
      const ticker = setInterval(() => {
        live?.tick(Date.now());
        patience.tick();
      }, TICK_MS);
      const forgetter = setInterval(() => inventory.tick(Date.now()), FORGET_MS);
      const waited = new Promise((resolve) => setTimeout(resolve, SYNC_MS).unref());
      const stopped = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      await Promise.race([synced, waited, stopped]);
      say(`knows ${inventory.pods} pods`);
      const follow = (namespace: string) =>
        followCluster({
          api,
          namespace,
          selector,
          signal,
          positionOf: (pod) => positionOf(streamOf(pod)),
          room: pipeline.room,
          onLine: (text, pod, time) => pipeline.line(text, { stream: streamOf(pod), position: time }),
          onPod(pod, change) {
            if (change === 'gone') health.dismiss(pod.name);
            else health.expect(pod, Date.now());
          },
          onPodTrouble(pod, message) {
            tell(`log of ${pod.name}`, message);
            health.trouble(pod.name, message, Date.now());
          },
          onTrouble: (message) => tell(`decoy pods of ${namespace}`, message),
        });
      await Promise.all(namespaces.map(follow));
      patience.end();
      clearInterval(ticker);
      clearInterval(forgetter);
      await Promise.allSettled([done, live.done]);
    },
  };
}

function streamOf(pod: DecoyPod): string {
  return `pod:${pod.uid}`;
}
