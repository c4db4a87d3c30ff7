// The rows of the table, read in pieces as they come into view; what is shown is read again when something changed.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { EventPage, EventRow } from '../api.ts';
import { get, onChanged, paced } from './call.ts';

export const PIECE = 100;
const AGAIN_MS = 500;
const SETTLE_MS = 40;
/** Pieces kept; those far from view are read again when they are needed. */
const PIECES = 40;

export interface Rows {
  readonly total: number;
  readonly at: (index: number) => EventRow | undefined;
  /** The rows from `first` to `last` are in view. */
  readonly view: (first: number, last: number) => void;
  readonly problem: string;
  readonly loaded: boolean;
}

export function useEventRows(query: string): Rows {
  const pieces = useRef(new Map<number, readonly EventRow[]>());
  const asked = useRef(new Map<number, AbortController>());
  const settle = useRef<number | null>(null);
  const shown = useRef<readonly [number, number]>([0, 0]);
  const current = useRef(query);
  const [total, setTotal] = useState(0);
  const [loaded, setLoaded] = useState(false);
  const [problem, setProblem] = useState('');
  const [, redraw] = useState(0);

  const read = useCallback((piece: number) => {
    const of = current.current;
    if (asked.current.has(piece)) return;
    const abort = new AbortController();
    asked.current.set(piece, abort);
    const words = new URLSearchParams(of);
    words.set('offset', String(piece * PIECE));
    words.set('limit', String(PIECE));
    get<EventPage>('/api/events', words, abort.signal).then(
      (page) => {
        if (of !== current.current) return;
        asked.current.delete(piece);
        pieces.current.set(piece, page.rows);
        if (pieces.current.size > PIECES) {
          const [first, last] = shown.current;
          for (const key of pieces.current.keys()) if (key < first - 2 || key > last + 2) pieces.current.delete(key);
        }
        setTotal(page.total);
        setLoaded(true);
        setProblem('');
        redraw((count) => count + 1);
      },
      (error: Error) => {
        if (abort.signal.aborted) return;
        asked.current.delete(piece);
        setProblem(error.message);
      },
    );
  }, []);

  const view = useCallback(
    (first: number, last: number) => {
      shown.current = [Math.floor(first / PIECE), Math.floor(Math.max(first, last) / PIECE)];
      const [from, to] = shown.current;
      for (const [piece, abort] of asked.current) {
        if (piece >= from && piece <= to) continue;
        abort.abort();
        asked.current.delete(piece);
      }
      // While the view flies by, nothing is asked for; once it rests, what is in it.
      clearTimeout(settle.current ?? undefined);
      settle.current = setTimeout(() => {
        for (let piece = from; piece <= to; piece++) if (!pieces.current.has(piece)) read(piece);
      }, SETTLE_MS);
    },
    [read],
  );

  useEffect(() => {
    current.current = query;
    pieces.current.clear();
    for (const abort of asked.current.values()) abort.abort();
    asked.current.clear();
    shown.current = [0, 0];
    setLoaded(false);
    read(0);
  }, [query, read]);

  useEffect(() => {
    const { call, stop } = paced(() => {
      const [first, last] = shown.current;
      for (const key of pieces.current.keys()) if (key < first || key > last) pieces.current.delete(key);
      for (let piece = first; piece <= last; piece++) read(piece);
    }, AGAIN_MS);
    const leave = onChanged(call);
    return () => {
      leave();
      stop();
    };
  }, [read]);

  return {
    total,
    loaded,
    problem,
    view,
    at: (index) => pieces.current.get(Math.floor(index / PIECE))?.[index % PIECE],
  };
}
