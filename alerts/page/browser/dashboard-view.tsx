// The Honeypod Dashboard: touches over time, who, where, with what, and how the decoys are.
import { useEffect, useState } from 'preact/hooks';
import { type Dashboard, type DecoyHealth, RANGES, type RangeName, type Top } from '../api.ts';
import { get, onChanged, paced } from './call.ts';
import { Bars, HeatMap, Legend, TimeBars } from './charts.tsx';
import { go, type Place } from './location.ts';
import { Ago, many, number, Seen, useNow } from './words.tsx';

const AGAIN_MS = 2_000;
const PANELS: readonly (readonly [Top, title: string, empty: string])[] = [
  ['ports', 'Ports tried', 'No port was tried in this time.'],
  ['users', 'Users tried', 'Nobody tried to log in.'],
  ['statements', 'SQL statements', 'No statement was sent.'],
  ['paths', 'Paths requested', 'No HTTP request was sent.'],
  ['tools', 'Tools', 'No tool gave itself away.'],
  ['scans', 'Scans', 'No scan was seen.'],
];

export function DashboardView({ place, tries }: { place: Place; tries: readonly string[] }) {
  const now = useNow();
  const [data, setData] = useState<Dashboard>();
  const [problem, setProblem] = useState('');
  const [live, setLive] = useState(true);
  const range = (place.query.get('range') ?? '1h') as RangeName;

  useEffect(() => {
    const { call, stop } = paced(() => {
      get<Dashboard>('/api/dashboard', { range }).then(
        (found) => {
          setData(found);
          setProblem('');
        },
        (error: Error) => setProblem(error.message),
      );
    }, AGAIN_MS);
    call();
    const leave = live ? onChanged(call) : () => {};
    // Time goes on without touches too.
    const timer = live ? setInterval(call, 15_000) : undefined;
    return () => {
      leave();
      stop();
      clearInterval(timer);
    };
  }, [range, live]);

  return (
    <main class="view dashboard">
      <div class="view-head">
        <h1>Honeypod Dashboard</h1>
        <div class="segments" role="group" aria-label="Time range">
          {Object.keys(RANGES).map((name) => (
            <button
              key={name}
              type="button"
              aria-pressed={range === name}
              onClick={() => go('/dashboard', new URLSearchParams({ range: name }))}
            >
              {name}
            </button>
          ))}
        </div>
        <button type="button" aria-pressed={live} onClick={() => setLive(!live)}>
          {live ? 'Auto-refresh on' : 'Auto-refresh off'}
        </button>
      </div>
      {problem && <p class="problem">{problem}</p>}
      {data?.loading && <p class="dim">Touches of before the start are still being counted…</p>}
      {data && (
        <div class="panels">
          <section class="panel wide">
            <h2>
              Touches over time <span class="dim">{many(data.total, 'touch', 'touches')}</span>
            </h2>
            <Legend byDecoy={data.byDecoy} />
            {data.total === 0 && (
              <div class="empty">
                <p>Nobody touched a decoy in this time. {tries.length > 0 && 'Try one:'}</p>
                <ul class="tries">
                  {tries.map((line) => (
                    <li key={line}>
                      <code>{line}</code>
                    </li>
                  ))}
                </ul>
              </div>
            )}
            <TimeBars series={data.series} bucketMs={data.bucketMs} />
          </section>
          <section class="panel">
            <h2>Top sources by decoy</h2>
            <Bars
              items={data.tops.sources}
              others={data.others.sources}
              empty="No source in this time."
              link={({ value }) => `/events?${new URLSearchParams({ state: 'all', q: value ? `ip:${value}` : '' })}`}
            />
          </section>
          <section class="panel">
            <h2>Source × decoy</h2>
            <HeatMap sources={data.tops.sources} />
          </section>
          {PANELS.map(([top, title, empty]) => (
            <section key={top} class="panel">
              <h2>{title}</h2>
              <Bars items={data.tops[top]} others={data.others[top]} empty={empty} />
            </section>
          ))}
          <section class="panel wide">
            <h2>Decoys</h2>
            <DecoyTable decoys={data.decoys} now={now} />
          </section>
        </div>
      )}
    </main>
  );
}

function DecoyTable({ decoys, now }: { decoys: readonly DecoyHealth[]; now: number }) {
  if (decoys.length === 0) return <p class="dim">No decoy has been heard yet; each beats every 30 s.</p>;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Decoys">
      <table class="decoys">
        <thead>
          <tr>
            <th scope="col">Decoy</th>
            <th scope="col">Last heard</th>
            <th scope="col">Mode</th>
            <th scope="col">Node</th>
            <th scope="col">Up since</th>
            <th scope="col">Touches</th>
            <th scope="col">Lost</th>
            <th scope="col">Last alert</th>
            <th scope="col">Last proven to alert</th>
          </tr>
        </thead>
        <tbody>
          {decoys.map((decoy) => (
            <tr key={decoy.pod} class={decoy.silent ? 'silent' : ''}>
              <th scope="row">
                <span class={`decoy-dot ${decoy.decoy}`} aria-hidden="true" />
                <Seen class="mono" text={decoy.pod} />
              </th>
              <td>
                <Ago ms={decoy.lastMs} now={now} /> {decoy.silent && <span class="tag bad">silent</span>}
              </td>
              <td>
                <Seen text={decoy.mode || '–'} />
              </td>
              <td>
                <Seen text={decoy.node || '–'} />
              </td>
              <td>
                <Ago ms={decoy.upSinceMs} now={now} />
              </td>
              <td class="figure">{number(decoy.touches)}</td>
              <td class={`figure ${decoy.lost > 0 ? 'bad-text' : ''}`}>{number(decoy.lost)}</td>
              <td>{decoy.alertedMs ? <Ago ms={decoy.alertedMs} now={now} /> : 'not yet'}</td>
              <td>{decoy.provenMs ? <Ago ms={decoy.provenMs} now={now} /> : 'never'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
