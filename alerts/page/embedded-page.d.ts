// The browser's part of the page, bundled by the build (scripts/embed-page.ts).
declare module 'embedded:page' {
  export const js: string;
  export const css: string;
}
