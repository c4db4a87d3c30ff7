// The dashboard's pictures: bars over time, bars by value, a heat map. Drawn as SVG and plain boxes, each with its words beside it.
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type Counted, DECOY_NAMES } from '../api.ts';
import { number, Seen, stamp } from './words.tsx';

type ByDecoy = Readonly<Record<string, number>>;

const HEIGHT = 168;
const LEFT = 44;
const BOTTOM = 22;
const TOP = 10;
const TICKS = 3;
const LABEL_PX = 90;

export function Legend({ byDecoy }: { byDecoy: ByDecoy }) {
  return (
    <ul class="legend">
      {DECOY_NAMES.map((name) => (
        <li key={name}>
          <span class={`decoy-dot ${name}`} aria-hidden="true" />
          {name} <strong>{number(byDecoy[name] ?? 0)}</strong>
        </li>
      ))}
    </ul>
  );
}

export interface Step {
  readonly atMs: number;
  readonly byDecoy: ByDecoy;
}

/** Touches over time, one stacked bar a bucket. */
export function TimeBars({ series, bucketMs }: { series: readonly Step[]; bucketMs: number }) {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  const [over, setOver] = useState(-1);
  useLayoutEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.max(240, entry?.contentRect.width ?? 800)));
    if (frame.current) watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);

  const totals = series.map(({ byDecoy }) => total(byDecoy));
  const most = niceMost(Math.max(1, ...totals));
  const room = HEIGHT - TOP - BOTTOM;
  const step = (width - LEFT) / Math.max(1, series.length);
  const y = (value: number) => TOP + room - (value / most) * room;
  const everyLabel = Math.max(1, Math.ceil(LABEL_PX / step));
  const all = totals.reduce((sum, value) => sum + value, 0);
  const shown = series[over];
  const peak = totals.indexOf(Math.max(...totals));

  return (
    <div class="time-bars" ref={frame}>
      <p class="readout mono dim" aria-hidden="true">
        {shown
          ? `${stamp(shown.atMs)} · ${DECOY_NAMES.map((name) => `${name} ${number(shown.byDecoy[name] ?? 0)}`).join(' · ')}`
          : `one bar is ${spell(bucketMs)}`}
      </p>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={`Touches over time: ${number(all)} in all${all > 0 && series[peak] ? `, the most ${number(totals[peak] ?? 0)} at ${stamp(series[peak].atMs)}` : ''}`}
        onMouseLeave={() => setOver(-1)}
        onMouseMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          setOver(Math.floor((event.clientX - box.left - LEFT) / step));
        }}
      >
        {Array.from({ length: TICKS + 1 }, (_, at) => (most / TICKS) * at).map((value) => (
          <g key={value}>
            <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} class="grid-line" />
            <text x={LEFT - 8} y={y(value) + 4} class="axis" text-anchor="end">
              {short(value)}
            </text>
          </g>
        ))}
        {series.map(({ atMs, byDecoy }, at) => {
          let below = 0;
          return (
            <g key={atMs} class={at === over ? 'over' : ''}>
              {at === over && <rect x={LEFT + at * step} y={TOP} width={step} height={room} class="hover" />}
              {DECOY_NAMES.map((name) => {
                const value = byDecoy[name] ?? 0;
                if (value === 0) return null;
                const top = y(below + value);
                const height = Math.max(1.5, y(below) - top);
                below += value;
                return (
                  <rect
                    key={name}
                    x={LEFT + at * step + step * 0.12}
                    y={top}
                    width={Math.max(1, step * 0.76)}
                    height={height}
                    class={`fill ${name}`}
                  />
                );
              })}
              {at % everyLabel === 0 && LEFT + at * step + LABEL_PX * 0.5 < width && (
                <text x={LEFT + at * step} y={HEIGHT - 6} class="axis">
                  {bucketMs >= 21_600_000 ? stamp(atMs).slice(5, 10) : stamp(atMs).slice(11, 16)}
                </text>
              )}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** Values with their touches, as bars split by decoy. */
export function Bars({
  items,
  others,
  empty,
  link,
}: {
  items: readonly Counted[];
  others: number;
  empty: string;
  link?: (item: Counted) => string;
}) {
  const most = Math.max(1, ...items.map((item) => item.total));
  if (items.length === 0) return <p class="dim small">{empty}</p>;
  return (
    <ul class="bars">
      {items.map((item) => (
        <li key={item.value}>
          <span class="bar-label mono">
            {link ? (
              <a href={link(item)}>
                <Seen text={item.label} />
              </a>
            ) : (
              <Seen text={item.label} />
            )}
          </span>
          <span class="bar-count">{number(item.total)}</span>
          <span class="bar-track" aria-hidden="true">
            {DECOY_NAMES.map((name) => {
              const part = item.byDecoy[name] ?? 0;
              return (
                part > 0 && <span key={name} class={`bar-part ${name}`} style={{ width: `${(part / most) * 100}%` }} />
              );
            })}
          </span>
        </li>
      ))}
      {others > 0 && (
        <li class="dim small">
          others: {number(others)} {others === 1 ? 'touch' : 'touches'}
        </li>
      )}
    </ul>
  );
}

/** Source × decoy; the darker, the more touches (by magnitude). */
export function HeatMap({ sources }: { sources: readonly Counted[] }) {
  const most = Math.max(1, ...sources.flatMap(({ byDecoy }) => Object.values(byDecoy)));
  if (sources.length === 0) return <p class="dim small">No source in this time.</p>;
  return (
    <table class="heat">
      <thead>
        <tr>
          <th scope="col">Source</th>
          {DECOY_NAMES.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sources.map(({ value, label, byDecoy }) => (
          <tr key={value}>
            <th scope="row" class="mono">
              <Seen text={label} />
            </th>
            {DECOY_NAMES.map((name) => {
              const count = byDecoy[name] ?? 0;
              const heat = count === 0 ? 0 : Math.max(1, Math.ceil((Math.log1p(count) / Math.log1p(most)) * 5));
              return (
                <td key={name} class={`heat-${heat}`}>
                  {count > 0 ? short(count) : ''}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function total(byDecoy: ByDecoy): number {
  return Object.values(byDecoy).reduce((sum, value) => sum + value, 0);
}

/** The next number that three steps divide well. */
function niceMost(value: number): number {
  for (let scale = 1; ; scale *= 10)
    for (const step of [3, 6, 9, 15, 30]) if (step * scale >= value) return step * scale;
}

function short(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)}M`;
  if (value >= 1e4) return `${Math.round(value / 1e3)}k`;
  return number(value);
}

function spell(ms: number): string {
  if (ms < 3_600_000) return `${ms / 60_000} min`;
  return `${ms / 3_600_000} h`;
}
