// Where the page is: path and query of the address bar, so that every view, filter and event has a link.
import { useEffect, useState } from 'preact/hooks';

export interface Place {
  readonly path: string;
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();

function here(): Place {
  return { path: location.pathname, query: new URLSearchParams(location.search) };
}

export function go(path: string, query: URLSearchParams = new URLSearchParams(), replace = false): void {
  const words = query.toString();
  history[replace ? 'replaceState' : 'pushState'](null, '', words ? `${path}?${words}` : path);
  for (const listener of listeners) listener();
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const listener = () => setPlace(here());
    listeners.add(listener);
    addEventListener('popstate', listener);
    return () => {
      listeners.delete(listener);
      removeEventListener('popstate', listener);
    };
  }, []);
  return place;
}

/** For links: a plain click stays in the page, every other keeps the browser's meaning. */
export function follow(event: MouseEvent): void {
  const anchor = event.currentTarget as HTMLAnchorElement;
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(anchor.pathname, new URLSearchParams(anchor.search));
}
