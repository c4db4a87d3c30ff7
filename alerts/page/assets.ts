// The page as it is sent: one document, one script, one style sheet, all of them part of this program.

import { css, js } from 'embedded:page';
import { hash } from 'node:crypto';

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

const asset = (name: string, extension: string, type: string, body: string): Asset => ({
  path: `/assets/${name}-${hash('sha256', body).slice(0, 12)}.${extension}`,
  type,
  body,
});

const SCRIPT = asset('page', 'js', 'text/javascript; charset=utf-8', js);
const STYLE = asset('page', 'css', 'text/css; charset=utf-8', css);
const ICON = asset(
  'icon',
  'svg',
  'image/svg+xml',
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path d="M16 2 28 9v14l-12 7L4 23V9z" fill="#c7780a"/><path d="M16 9l6 3.5v7L16 23l-6-3.5v-7z" fill="#fff3d6"/></svg>',
);

export const ASSETS: ReadonlyMap<string, Asset> = new Map([SCRIPT, STYLE, ICON].map((entry) => [entry.path, entry]));

/** The one document, for every view. `token` is what changes need. */
export function document(token: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="page-token" content="${token}">
<title>Security Events · Honeypods</title>
<link rel="icon" href="${ICON.path}">
<link rel="stylesheet" href="${STYLE.path}">
<script type="module" src="${SCRIPT.path}"></script>
</head>
<body><div id="app"></div><noscript>This page needs JavaScript. The same events stand in the log of alerts, one JSON line each.</noscript></body>
</html>
`;
}
