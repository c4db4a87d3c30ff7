// state/writer-thread.ts, bundled by the build (scripts/embed-worker.ts).
declare module 'embedded:state-writer' {
  /** CommonJS, for `new Worker(text, { eval: true })`. */
  export const text: string;
}
