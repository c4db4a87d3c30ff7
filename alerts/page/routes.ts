// The page's API as a table: what each path answers. Everything a caller says is checked here and bounded.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ExceptionError } from '../exceptions/exceptions.ts';
import { alertText } from '../outputs/stdout/payload.ts';
import { RANGES, type RangeName, type Summary } from './api.ts';
import { detailsOf, touchEntry } from './details.ts';
import { exceptionEntry, exceptionObject } from './exceptions.ts';
import { CSV_HEADER, csvLine } from './export.ts';
import { conditionFrom } from './filter.ts';
import { SECURITY_HEADERS } from './guard.ts';
import type { PageParts } from './page.ts';
import { BadCall, readJson, respondJson } from './respond.ts';
import { PAGE_ROWS, TOUCHES_PAGE } from './store.ts';
import { confidenceMeans, deedsOf, nextStepOf, titleOf } from './story.ts';

const IDS = 1_000;
const ID_CHARS = 64;
/** Events of one export. */
const EXPORTED = 200_000;

export interface CallContext {
  readonly parts: PageParts;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

type Route = (context: CallContext) => unknown;

/** `METHOD path` → answer; what it returns is sent as JSON, `undefined` where it has answered itself. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /api/events': ({ parts, url }) => {
    const offset = whole(url, 'offset', 0, 10_000_000);
    const limit = whole(url, 'limit', 100, PAGE_ROWS);
    return parts.store.page(conditionFrom(url.searchParams, parts.now()), offset, limit);
  },
  'GET /api/facets': ({ parts }) => parts.store.facets(parts.now()),
  'GET /api/summary': ({ parts }) => summaryOf(parts),
  'GET /api/event': async ({ parts, url }) => {
    const { event, row } = await eventOf(parts, url.searchParams.get('id'));
    return detailsOf(event, row, url.searchParams.get('reveal') === '1');
  },
  'GET /api/touches': async ({ parts, url }) => {
    const { event } = await eventOf(parts, url.searchParams.get('id'));
    const lines = await parts.store.touches(event, whole(url, 'after', 0, Number.MAX_SAFE_INTEGER), TOUCHES_PAGE);
    const reveal = url.searchParams.get('reveal') === '1';
    const touches = lines.map((line) => touchEntry(line, event, reveal)).filter((entry) => entry !== undefined);
    return { touches, ...(lines.length === TOUCHES_PAGE ? { next: lines.at(-1)?.seq } : {}) };
  },
  'GET /api/dashboard': async ({ parts, url }) => {
    const range = url.searchParams.get('range') ?? '1h';
    if (!Object.hasOwn(RANGES, range))
      throw new BadCall(400, `range: must be one of ${Object.keys(RANGES).join(', ')}`);
    const nowMs = parts.now();
    return {
      ...parts.activity.over(range as RangeName, nowMs, parts.labelOf),
      decoys: parts.decoys.health(nowMs, await parts.store.proofs()),
      loading: parts.isLoading(),
    };
  },
  'GET /api/stream': ({ parts, response }) => {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
    if (!parts.stream.join(response)) response.end('event: full\ndata: too many pages are open\n\n');
  },
  'GET /api/export': exportEvents,
  'GET /api/exceptions': ({ parts }) => parts.exceptions.all.map((exception) => exceptionEntry(exception, parts.now())),
  'POST /api/dismiss': async ({ parts, request }) => {
    const body = await readJson(request);
    const { store, now, stream } = parts;
    const done =
      typeof body.filter === 'string'
        ? await store.dismissAll(conditionFrom(new URLSearchParams(body.filter), now()), now())
        : await store.dismiss(idsOf(body), now());
    stream.changed();
    return done;
  },
  'POST /api/undo': async ({ parts, request }) => {
    const body = await readJson(request);
    const { store, stream } = parts;
    const changed = await (typeof body.stamp === 'number' ? store.undo(body.stamp) : store.restore(idsOf(body)));
    stream.changed();
    return { changed };
  },
  'POST /api/exceptions': async ({ parts, request }) => {
    const body = await readJson(request);
    const { event } = await eventOf(parts, body.event);
    const endMs = Number(body.endMs ?? 0);
    if (!Number.isFinite(endMs) || (endMs !== 0 && endMs <= parts.now()))
      throw new BadCall(400, 'endMs: must be a time to come, or 0 for no end');
    const wish = {
      scope: typeof body.scope === 'string' ? body.scope : '',
      onlyRule: body.onlyRule === true,
      onlyDecoy: body.onlyDecoy === true,
      endMs,
      description: typeof body.description === 'string' ? body.description : '',
    };
    const object = exceptionObject(event, wish, parts.now());
    await parts.keeper.create(object);
    const { stamp } = await parts.store.dismiss([event.id], parts.now());
    parts.stream.changed();
    return { name: (object.metadata as { name: string }).name, stamp };
  },
  'POST /api/exceptions/delete': async ({ parts, request }) => {
    const { name } = await readJson(request);
    if (typeof name !== 'string' || !parts.exceptions.all.some((exception) => exception.name === name))
      throw new BadCall(404, 'there is no such exception');
    await parts.keeper.delete(name);
    parts.stream.changed();
    return { deleted: name };
  },
  'POST /api/prove': async ({ parts, request }) => {
    const { pod } = await readJson(request);
    const seen = parts.decoys.seen().filter((decoy) => pod === undefined || decoy.pod === pod);
    if (seen.length === 0) throw new BadCall(409, 'no decoy has been heard yet; each beats every 30 s');
    const proofs = await parts.prover.prove(seen);
    parts.stream.changed();
    return { proofs };
  },
};

/** Status and text of an error a route threw; undefined for a bug. */
export function refusalFrom(error: unknown): { status: number; message: string } | undefined {
  if (error instanceof BadCall) return { status: error.status, message: error.message };
  if (error instanceof ExceptionError) return { status: 400, message: error.message };
  return undefined;
}

export async function answer(route: Route, context: CallContext): Promise<void> {
  const value = await route(context);
  if (value !== undefined && !context.response.headersSent) respondJson(context.response, value);
}

function whole(url: URL, name: string, fallback: number, most: number): number {
  const text = url.searchParams.get(name);
  if (text === null) return fallback;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= most)) throw new BadCall(400, `${name}: must be a number from 0 to ${most}`);
  return value;
}

function idsOf({ ids }: Record<string, unknown>): string[] {
  const good = Array.isArray(ids) && ids.length > 0 && ids.length <= IDS;
  if (!good || !ids.every((id) => typeof id === 'string' && id.length <= ID_CHARS))
    throw new BadCall(400, `ids: must be a list of 1 to ${IDS} event ids`);
  return ids as string[];
}

async function eventOf({ store }: PageParts, id: unknown) {
  const event = typeof id === 'string' && id.length <= ID_CHARS ? await store.event(id) : undefined;
  const row = event && (await store.row(event.id));
  if (!event || !row) throw new BadCall(404, 'there is no such event; old ones are forgotten after a while');
  return { event, row };
}

async function summaryOf({ store, decoys, now }: PageParts): Promise<Summary> {
  const { groups, sources, undismissed, bySeverity } = await store.accused();
  const accused = groups.flatMap(({ key, bodies, events, touches, lastMs }) => {
    const [worst] = bodies;
    if (!worst) return [];
    const { culprit, last, rule } = worst;
    const title = titleOf(worst);
    return [
      {
        title,
        subtitle: [title === last.source.ip ? '' : last.source.ip, culprit.owner, culprit.node && `on ${culprit.node}`]
          .filter(Boolean)
          .join(' · '),
        confidence: culprit.confidence,
        confidenceMeans: confidenceMeans(culprit),
        severity: rule.severity,
        deeds: deedsOf(bodies),
        now: nextStepOf([worst, ...bodies.slice(1)]),
        events,
        touches,
        decoys: [...new Set(bodies.map(({ decoy }) => decoy))],
        lastMs,
        query: `source:${key}`,
        newestEvent: worst.id,
      },
    ];
  });
  return {
    accused,
    sources,
    undismissed,
    bySeverity: bySeverity as Summary['bySeverity'],
    decoys: decoys.health(now(), await store.proofs()),
    tries: decoys.tries(),
  };
}

/** `?format=ndjson|csv` with a filter or `id=` once or more. Written in pieces, as fast as it is read. */
async function exportEvents({ parts, url, response }: CallContext): Promise<void> {
  const format = url.searchParams.get('format') ?? 'ndjson';
  if (format !== 'ndjson' && format !== 'csv') throw new BadCall(400, 'format: must be ndjson or csv');
  const { store, now } = parts;
  const ids = url.searchParams.getAll('id').slice(0, IDS);
  const condition = ids.length
    ? { where: `id IN (${ids.map(() => '?').join(', ')})`, values: ids, order: 'end_ms DESC, id' }
    : conditionFrom(url.searchParams, now());
  const name = `security-events-${new Date(now()).toISOString().slice(0, 19).replaceAll(':', '')}.${format}`;
  response.writeHead(200, {
    ...SECURITY_HEADERS,
    'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
  });
  if (format === 'csv') response.write(CSV_HEADER);
  for (let offset = 0; offset < EXPORTED && !response.destroyed; offset += PAGE_ROWS) {
    const { rows } = await store.page(condition, offset, PAGE_ROWS);
    const events = format === 'csv' ? undefined : await store.events(rows.map(({ id }) => id));
    const text = rows.map((row) => {
      if (format === 'csv') return csvLine(row);
      const event = events?.get(row.id);
      return event ? alertText(event, event.told.ms, { kind: event.state === 'closed' ? 'closed' : 'opened' }) : '';
    });
    if (!response.write(text.join(''))) await Promise.race([onceDrained(response), onceClosed(response)]);
    if (rows.length < PAGE_ROWS) break;
  }
  response.end();
}

function onceDrained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('drain', resolve));
}

function onceClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => response.once('close', resolve));
}
