// state/writer-thread.ts and state/reader-thread.ts, bundled by the build (scripts/embed-threads.ts).
declare module 'embedded:state-threads' {
  /** CommonJS, for `new Worker(text, { eval: true })`. */
  export const writer: string;
  export const reader: string;
}
