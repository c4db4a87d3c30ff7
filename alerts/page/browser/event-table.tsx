// The table of security events: only the rows in view exist, so that 100,000 scroll as ten do. Usable by keyboard alone.
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { EventRow } from '../api.ts';
import { Confidence } from './confidence.tsx';
import type { Rows } from './event-rows.ts';
import { Ago, number, Seen, Severity } from './words.tsx';

const ROW_PX = 54;
const NARROW_ROW_PX = 104;
const NARROW = matchMedia('(max-width: 760px)');
const OVERSCAN = 6;

const COLUMNS = [
  { sort: 'severity', title: 'Severity', name: 'severity' },
  { sort: 'rule', title: 'Event', name: 'what' },
  { sort: 'source', title: 'Source', name: 'who' },
  { sort: 'decoy', title: 'Decoy', name: 'decoy' },
  { sort: 'count', title: 'Touches', name: 'count' },
  { sort: 'first', title: 'First seen', name: 'first' },
  { sort: 'last', title: 'Last seen', name: 'last' },
  { sort: 'state', title: 'State', name: 'state' },
] as const;

export interface TableProps {
  readonly rows: Rows;
  readonly now: number;
  readonly scroller: RefObject<HTMLElement>;
  readonly sort: string;
  readonly ascending: boolean;
  readonly onSort: (sort: string) => void;
  readonly selected: ReadonlySet<string>;
  readonly allSelected: boolean;
  readonly onSelect: (row: EventRow, index: number, range: boolean) => void;
  readonly onSelectAll: () => void;
  readonly onOpen: (row: EventRow) => void;
  readonly onKey: (key: string, row: EventRow) => boolean;
  readonly openId: string;
}

export function EventTable(props: TableProps) {
  const { rows, scroller, sort, ascending, onSort, allSelected, onSelectAll } = props;
  const body = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<readonly [number, number]>([0, 20]);
  const [focused, setFocused] = useState(0);
  const [narrow, setNarrow] = useState(NARROW.matches);
  const rowPx = narrow ? NARROW_ROW_PX : ROW_PX;
  const wanted = useRef(-1);

  useEffect(() => {
    const turn = () => setNarrow(NARROW.matches);
    NARROW.addEventListener('change', turn);
    return () => NARROW.removeEventListener('change', turn);
  }, []);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const top = element.scrollTop - (body.current?.offsetTop ?? 0);
      const first = Math.max(0, Math.floor(top / rowPx) - OVERSCAN);
      const last = Math.min(Math.max(0, rows.total - 1), Math.ceil((top + element.clientHeight) / rowPx) + OVERSCAN);
      setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
      rows.view(first, last);
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      watch.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, rows.total, rows.view, rowPx]);

  // A row reached by key may have to be scrolled to and drawn before it can have the focus.
  useEffect(() => {
    if (wanted.current < 0) return;
    const row = body.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    row.focus({ preventScroll: true });
    wanted.current = -1;
  });

  const move = (to: number) => {
    const element = scroller.current;
    const index = Math.max(0, Math.min(rows.total - 1, to));
    if (!element || !body.current) return;
    const top = body.current.offsetTop + index * rowPx;
    const covered =
      body.current.offsetTop - (body.current.closest('.table')?.getBoundingClientRect().top ?? 0) > 0 ? 120 : 0;
    if (top < element.scrollTop + covered) element.scrollTop = top - covered;
    else if (top + rowPx > element.scrollTop + element.clientHeight)
      element.scrollTop = top + rowPx - element.clientHeight;
    wanted.current = index;
    setFocused(index);
  };

  const onKeyDown = (event: KeyboardEvent, row: EventRow, index: number) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      PageDown: index + 10,
      PageUp: index - 10,
      Home: 0,
      End: rows.total - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) move(to);
    else if (event.key === 'Enter') props.onOpen(row);
    else if (event.key === ' ' || event.key === 'x') props.onSelect(row, index, event.shiftKey);
    else if (!props.onKey(event.key, row)) return;
    event.preventDefault();
  };

  const [first, last] = range;
  const drawn: number[] = [];
  for (let index = first; index <= Math.min(last, rows.total - 1); index++) drawn.push(index);
  const tabStop = focused >= first && focused <= last ? focused : first;

  return (
    <div
      class="table"
      role="grid"
      aria-label="Security events"
      aria-rowcount={rows.total + 1}
      aria-multiselectable="true"
    >
      <div class="row head" role="row" aria-rowindex={1}>
        <span role="columnheader" class="cell pick">
          <input
            type="checkbox"
            checked={allSelected}
            onChange={onSelectAll}
            aria-label="Select every event of this filter"
          />
        </span>
        {COLUMNS.map((column) => {
          const sorted = sort === column.sort;
          return (
            <span
              key={column.name}
              role="columnheader"
              class={`cell ${column.name}`}
              aria-sort={sorted ? (ascending ? 'ascending' : 'descending') : 'none'}
            >
              <button type="button" class="sort" onClick={() => onSort(column.sort)}>
                {column.title}
                <span aria-hidden="true">{sorted ? (ascending ? ' ↑' : ' ↓') : ''}</span>
              </button>
            </span>
          );
        })}
      </div>
      <div class="rows" role="rowgroup" ref={body} style={{ height: `${rows.total * rowPx}px` }}>
        {drawn.map((index) => {
          const row = rows.at(index);
          return (
            <div
              key={row?.id ?? `empty-${index}`}
              data-index={index}
              data-id={row?.id}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={row ? allSelected || props.selected.has(row.id) : false}
              tabIndex={index === tabStop ? 0 : -1}
              class={`row ${row ? '' : 'pending'} ${row?.id === props.openId ? 'opened' : ''} ${row?.dismissed ? 'dismissed' : ''}`}
              style={{ top: `${index * rowPx}px` }}
              onFocus={() => setFocused(index)}
              onClick={() => row && props.onOpen(row)}
              onKeyDown={(event) => row && event.target === event.currentTarget && onKeyDown(event, row, index)}
            >
              {row ? (
                <Cells row={row} index={index} {...props} />
              ) : (
                <span role="gridcell" class="cell what dim">
                  …
                </span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Cells({ row, index, now, selected, allSelected, onSelect }: { row: EventRow; index: number } & TableProps) {
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the row's own keys select */}
      <span role="gridcell" class="cell pick" onClick={(event) => event.stopPropagation()}>
        <input
          type="checkbox"
          tabIndex={-1}
          checked={allSelected || selected.has(row.id)}
          onClick={(event) => onSelect(row, index, event.shiftKey)}
          aria-label={`Select ${row.rule}`}
        />
      </span>
      <span role="gridcell" class="cell severity">
        <Severity value={row.severity} />
      </span>
      <span role="gridcell" class="cell what">
        <span class="line strong">
          {row.rule}
          {row.kind === 'self-test' && <span class="tag">self-test</span>}
          {row.exception && <span class="tag">excepted</span>}
        </span>
        <Seen class="line dim" text={row.message} />
      </span>
      <Source row={row} />
      <span role="gridcell" class="cell decoy">
        <span class={`decoy-dot ${row.decoy}`} aria-hidden="true" />
        {row.decoy}
      </span>
      <span role="gridcell" class="cell count">
        {number(row.count)}
        <span class="unit"> {row.count === 1 ? 'touch' : 'touches'}</span>
      </span>
      <span role="gridcell" class="cell first dim">
        <Ago ms={row.startMs} now={now} />
      </span>
      <span role="gridcell" class="cell last">
        <Ago ms={row.endMs} now={now} />
      </span>
      <span role="gridcell" class="cell state">
        <span class={`state-word ${row.dismissed ? 'dismissed' : row.state}`}>
          {row.dismissed ? 'dismissed' : row.state}
        </span>
      </span>
    </>
  );
}

function Source({ row }: { row: EventRow }) {
  const name =
    row.kind === 'self-test'
      ? 'Self-test'
      : row.name && row.namespace
        ? `${row.namespace}/${row.name}`
        : row.name || row.ip || 'not seen';
  const below = [row.name ? row.ip : '', row.owner, row.node && row.node !== row.name ? `on ${row.node}` : '']
    .filter(Boolean)
    .join(' · ');
  return (
    <span role="gridcell" class="cell who">
      <Seen class="line mono" text={name} />
      <span class="line dim">
        <Confidence value={row.confidence} />
        {below && (
          <>
            {' · '}
            <Seen text={below} />
          </>
        )}
      </span>
    </span>
  );
}
