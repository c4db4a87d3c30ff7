// The files under site/, put into the bundle when it is built (see scripts/embed-site.ts).
declare module 'embedded:site' {
  export const files: readonly { readonly path: string; readonly base64: string }[];
}
