// Security Events: the accused, the filters, the table, and what can be done with what is selected.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type EventRow, type FacetName, type Facets, SEVERITIES, type Summary } from '../api.ts';
import { AccusedPanel } from './accused.tsx';
import { get, onChanged, paced, post } from './call.ts';
import { Details } from './details.tsx';
import { useEventRows } from './event-rows.ts';
import { EventTable } from './event-table.tsx';
import { go, type Place } from './location.ts';
import { many, useNow } from './words.tsx';

const FACETS_MS = 5_000;
const TYPING_MS = 200;
const UNDO_MS = 20_000;
const STATES = [
  ['active', 'To look at'],
  ['open', 'Open'],
  ['closed', 'Closed'],
  ['dismissed', 'Dismissed'],
  ['excepted', 'Excepted'],
  ['self-test', 'Self-tests'],
  ['all', 'All'],
] as const;
const CHOICES: readonly (readonly [FacetName, string])[] = [
  ['rule', 'Any alert'],
  ['decoy', 'Any decoy'],
  ['namespace', 'Any namespace'],
  ['node', 'Any node'],
  ['confidence', 'Any confidence'],
];
const SINCE = [
  ['', 'Any time'],
  ['900000', 'Last 15 min'],
  ['3600000', 'Last hour'],
  ['86400000', 'Last 24 h'],
  ['604800000', 'Last 7 days'],
] as const;

interface Notice {
  readonly text: string;
  readonly stamp?: number;
}

export function EventsView({
  place,
  summary,
  onProve,
}: {
  place: Place;
  summary: Summary | undefined;
  onProve: () => void;
}) {
  const now = useNow();
  const scroller = useRef<HTMLElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const openId = place.path.split('/')[2] ?? '';
  const query = place.query.toString();
  const rows = useEventRows(query);
  const [facets, setFacets] = useState<Facets>();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [everything, setEverything] = useState(false);
  const [notice, setNotice] = useState<Notice>();
  const [filtersOpen, setFiltersOpen] = useState(false);
  const lastPicked = useRef(-1);
  const focusBack = useRef<HTMLElement | null>(null);

  const change = (name: string, value: string, replace = false) => {
    const next = new URLSearchParams(query);
    next.delete(name);
    if (value) next.set(name, value);
    // What was typed a moment ago must not close an event that has been opened since.
    go(replace ? location.pathname : '/events', next, replace);
  };
  const isFiltered = [...place.query.keys()].some((name) => name !== 'sort' && name !== 'order');

  useEffect(() => {
    const { call, stop } = paced(() => void get<Facets>('/api/facets').then(setFacets, () => {}), FACETS_MS);
    call();
    const leave = onChanged(call);
    return () => {
      leave();
      stop();
    };
  }, []);
  useEffect(() => {
    setSelected(new Set());
    setEverything(false);
  }, [query]);
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => setNotice(undefined), UNDO_MS);
    return () => clearTimeout(timer);
  }, [notice]);

  const say = (error: Error) => setNotice({ text: error.message });
  const dismiss = (body: { ids: string[] } | { filter: string }) =>
    post<{ changed: number; stamp: number }>('/api/dismiss', body).then(({ changed, stamp }) => {
      setNotice({ text: `${many(changed, 'event')} dismissed`, stamp });
      setSelected(new Set());
      setEverything(false);
    }, say);
  const restore = (body: { ids: string[] } | { stamp: number }) =>
    post<{ changed: number }>('/api/undo', body).then(({ changed }) => {
      setNotice({ text: `${many(changed, 'event')} back` });
      setSelected(new Set());
    }, say);
  const dismissSelected = () => dismiss(everything ? { filter: query } : { ids: [...selected].slice(0, 1_000) });

  const open = (row: EventRow) => {
    focusBack.current = document.activeElement as HTMLElement;
    go(`/events/${row.id}`, new URLSearchParams(query));
  };
  const close = () => {
    go('/events', new URLSearchParams(query));
    focusBack.current?.focus();
  };
  const select = (row: EventRow, index: number, range: boolean) => {
    const next = new Set(selected);
    const from = range && lastPicked.current >= 0 ? Math.min(index, lastPicked.current) : index;
    const to = range && lastPicked.current >= 0 ? Math.max(index, lastPicked.current) : index;
    const adds = !selected.has(row.id);
    for (let at = from; at <= to; at++) {
      const id = at === index ? row.id : rows.at(at)?.id;
      if (id === undefined) continue;
      if (adds) next.add(id);
      else next.delete(id);
    }
    lastPicked.current = index;
    setEverything(false);
    setSelected(next);
  };
  const key = (pressed: string, row: EventRow): boolean => {
    const ids = selected.size ? [...selected] : [row.id];
    if (pressed === 'd') void dismiss({ ids });
    else if (pressed === 'r') void restore({ ids });
    else if (pressed === 'u' && notice?.stamp) void restore({ stamp: notice.stamp });
    else return false;
    return true;
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = (event.target as HTMLElement).matches('input, select, textarea');
      if (event.key === '/' && !typing) {
        event.preventDefault();
        search.current?.focus();
      } else if (event.key === 'Escape' && openId && !document.querySelector('dialog[open]')) close();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  const words = place.query.get('q') ?? '';
  useEffect(() => {
    // What is being typed is ahead of the address; a link or "Clear" sets the box.
    if (search.current && document.activeElement !== search.current) search.current.value = words;
  }, [words]);
  const sort = place.query.get('sort') ?? 'last';
  const ascending = place.query.get('order') === 'asc';
  const sortBy = (name: string) => {
    const next = new URLSearchParams(query);
    next.set('sort', name);
    if (sort === name && !ascending) next.set('order', 'asc');
    else next.delete('order');
    go('/events', next, true);
  };
  const typed = useMemo(() => debounced((value: string) => change('q', value, true), TYPING_MS), [query]);
  const picked = everything ? rows.total : selected.size;
  const exported = (format: string) => {
    const wanted =
      everything || selected.size === 0
        ? new URLSearchParams(query)
        : new URLSearchParams([...selected].map((id) => ['id', id]));
    wanted.set('format', format);
    return `/api/export?${wanted}`;
  };

  return (
    <div class={`events ${openId ? 'with-details' : ''}`}>
      <main class="view" ref={scroller} tabIndex={-1}>
        {summary && <AccusedPanel summary={summary} now={now} onProve={onProve} />}
        <search class={`filters ${filtersOpen ? 'open' : ''}`}>
          <input
            ref={search}
            type="search"
            defaultValue={words}
            onInput={(event) => typed(event.currentTarget.value)}
            placeholder="Search: pod, address, path, user…  or ip:10.0. owner:cart"
            aria-label="Search events"
            maxLength={200}
          />
          <button
            type="button"
            class="filters-toggle"
            aria-expanded={filtersOpen}
            onClick={() => setFiltersOpen(!filtersOpen)}
          >
            Filters
          </button>
          <select
            aria-label="State"
            value={place.query.get('state') ?? 'active'}
            onChange={(event) => change('state', event.currentTarget.value)}
          >
            {STATES.map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
          <select
            aria-label="Severity"
            value={place.query.get('severity') ?? ''}
            onChange={(event) => change('severity', event.currentTarget.value)}
          >
            <option value="">Any severity</option>
            {SEVERITIES.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
          {CHOICES.map(([name, title]) => (
            <select
              key={name}
              aria-label={title.slice(4)}
              value={place.query.get(name) ?? ''}
              onChange={(event) => change(name, event.currentTarget.value)}
            >
              <option value="">{title}</option>
              {(facets?.[name] ?? []).map(([value, events]) => (
                <option key={value} value={value}>
                  {value} ({events})
                </option>
              ))}
            </select>
          ))}
          <select
            aria-label="Time"
            value={place.query.get('since') ?? ''}
            onChange={(event) => change('since', event.currentTarget.value)}
          >
            {SINCE.map(([value, title]) => (
              <option key={value} value={value}>
                {title}
              </option>
            ))}
          </select>
          {isFiltered && (
            <button type="button" class="quiet" onClick={() => go('/events')}>
              Clear
            </button>
          )}

          <p class="keys dim">
            Keys: <kbd>/</kbd> search, <kbd>j</kbd> <kbd>k</kbd> move, <kbd>Enter</kbd> open, <kbd>x</kbd> select,{' '}
            <kbd>d</kbd> dismiss, <kbd>u</kbd> undo, <kbd>Esc</kbd> close
          </p>
          <span class="filters-end">
            <span class="dim total" role="status">
              {rows.loaded ? many(rows.total, 'event') : 'loading…'}
            </span>
            <a class="button" href={exported('ndjson')} download>
              NDJSON
            </a>
            <a class="button" href={exported('csv')} download>
              CSV
            </a>
          </span>
        </search>
        {picked > 0 && (
          <div class="selection" role="toolbar" aria-label="Selected events">
            <strong>{many(picked, 'event')} selected</strong>
            <button type="button" onClick={dismissSelected}>
              Dismiss
            </button>
            {!everything && (
              <button type="button" onClick={() => restore({ ids: [...selected] })}>
                Restore
              </button>
            )}
            <button
              type="button"
              class="quiet"
              onClick={() => {
                setSelected(new Set());
                setEverything(false);
              }}
            >
              Clear selection
            </button>
          </div>
        )}
        {rows.problem && <p class="problem">{rows.problem}</p>}
        <EventTable
          rows={rows}
          now={now}
          scroller={scroller}
          sort={sort}
          ascending={ascending}
          onSort={sortBy}
          selected={selected}
          allSelected={everything}
          onSelect={select}
          onSelectAll={() => {
            setSelected(new Set());
            setEverything(!everything);
          }}
          onOpen={open}
          onKey={key}
          openId={openId}
        />
        {rows.loaded && rows.total === 0 && (
          <p class="empty">
            {isFiltered
              ? 'No event fits this filter.'
              : 'No event needs your eyes. Dismissed ones and self-tests are under “All”.'}
          </p>
        )}
      </main>
      {openId && (
        <Details
          id={openId}
          onClose={close}
          onDismiss={(id) => dismiss({ ids: [id] })}
          onRestore={(id) => restore({ ids: [id] })}
          onNotice={setNotice}
        />
      )}
      {notice && (
        <div class="notice" role="status">
          <span>{notice.text}</span>
          {notice.stamp !== undefined && (
            <button type="button" onClick={() => restore({ stamp: notice.stamp! })}>
              Undo
            </button>
          )}
          <button type="button" class="quiet" aria-label="Close this notice" onClick={() => setNotice(undefined)}>
            ×
          </button>
        </div>
      )}
    </div>
  );
}

function debounced(work: (value: string) => void, ms: number): (value: string) => void {
  let timer: number | undefined;
  return (value) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(value), ms);
  };
}
