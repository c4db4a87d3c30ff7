// The page in the browser: header, the view the address names, and the drawer of an opened event over it.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Summary } from '../api.ts';
import { get, type Link, onChanged, onLink, paced } from './call.ts';
import { DashboardView } from './dashboard-view.tsx';
import { EventsView } from './events-view.tsx';
import { ExceptionsView } from './exceptions-view.tsx';
import { follow, usePlace } from './location.ts';
import { ProveDialog } from './prove.tsx';
import { nextTheme, type Theme, useTheme } from './theme.ts';
import { many } from './words.tsx';
import './style.css';

const SUMMARY_MS = 1_000;
const TABS = [
  { path: '/events', title: 'Security Events' },
  { path: '/dashboard', title: 'Honeypod Dashboard' },
  { path: '/exceptions', title: 'Exceptions' },
] as const;
const LINK_WORDS: Record<Link, string> = { connecting: 'connecting', live: 'live', lost: 'connection lost' };
const THEME_WORDS: Record<Theme, string> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

function App() {
  const place = usePlace();
  const [summary, setSummary] = useState<Summary>();
  const [link, setLink] = useState<Link>('connecting');
  const [proving, setProving] = useState(false);
  const [theme, setTheme] = useTheme();
  useEffect(() => onLink(setLink), []);
  useEffect(() => {
    const { call, stop } = paced(() => void get<Summary>('/api/summary').then(setSummary, () => {}), SUMMARY_MS);
    call();
    const leave = onChanged(call);
    return () => {
      leave();
      stop();
    };
  }, []);
  const current = TABS.find(({ path }) => place.path.startsWith(path)) ?? TABS[0];
  const undismissed = summary?.undismissed ?? 0;
  useEffect(() => {
    document.title = `${undismissed ? `(${undismissed}) ` : ''}${current.title} · Honeypods`;
  }, [current, undismissed]);
  const decoys = summary?.decoys ?? [];
  const silent = decoys.filter((decoy) => decoy.silent).length;

  return (
    <>
      <header class="top">
        <a class="brand" href="/events" onClick={follow}>
          <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
            <path d="M16 2 28 9v14l-12 7L4 23V9z" class="brand-outer" />
            <path d="M16 9l6 3.5v7L16 23l-6-3.5v-7z" class="brand-inner" />
          </svg>
          <span>Honeypods</span>
        </a>
        <nav aria-label="Views">
          {TABS.map(({ path, title }) => (
            <a key={path} href={path} onClick={follow} aria-current={current.path === path ? 'page' : undefined}>
              {title}
              {path === '/events' && undismissed > 0 && (
                <span class="pill">{undismissed > 999 ? '999+' : undismissed}</span>
              )}
            </a>
          ))}
        </nav>
        <div class="top-right">
          <a
            class={`health ${silent ? 'bad' : decoys.length ? 'good' : ''}`}
            href="/dashboard"
            onClick={follow}
            title="Decoys that beat within the last 75 s"
          >
            {decoys.length === 0
              ? 'no decoy heard yet'
              : silent
                ? `${silent} of ${many(decoys.length, 'decoy')} silent`
                : `${many(decoys.length, 'decoy')} heard`}
          </a>
          <span class={`link ${link}`} role="status">
            {LINK_WORDS[link]}
          </span>
          <button type="button" class="primary" onClick={() => setProving(true)} disabled={decoys.length === 0}>
            Prove it
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => setTheme(nextTheme(theme))}
            aria-label={`Colours: ${THEME_WORDS[theme]}. Change`}
          >
            {THEME_WORDS[theme]}
          </button>
        </div>
      </header>
      {current.path === '/events' && <EventsView place={place} summary={summary} onProve={() => setProving(true)} />}
      {current.path === '/dashboard' && <DashboardView place={place} tries={summary?.tries ?? []} />}
      {current.path === '/exceptions' && <ExceptionsView />}
      {proving && <ProveDialog onClose={() => setProving(false)} />}
    </>
  );
}

render(<App />, document.getElementById('app')!);
