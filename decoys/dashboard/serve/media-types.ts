// The media types of the files the site holds, as the packaged mime.types names them; anything else is the default type.

export const MEDIA_TYPES: Readonly<Record<string, string>> = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  txt: 'text/plain',
  ico: 'image/x-icon',
  png: 'image/png',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  bin: 'application/octet-stream',
};
export const DEFAULT_TYPE = 'application/octet-stream';

/** The type by what follows the last dot of the last path segment. */
export function mediaTypeOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot === -1) return DEFAULT_TYPE;
  return MEDIA_TYPES[name.slice(dot + 1).toLowerCase()] ?? DEFAULT_TYPE;
}
