// Modules of Node most decoys never need: loaded when a client first asks for TLS or compression, which spares an idle pod megabytes.
// process.getBuiltinModule reads no file, so it works after the permission to read is given up.

/** Loaded when first asked for: half a megabyte nobody needs who does not ask for TLS. */
export function tls(): typeof import('node:tls') {
  return process.getBuiltinModule('node:tls');
}

/** Loaded when first asked for. */
export function zlib(): typeof import('node:zlib') {
  return process.getBuiltinModule('node:zlib');
}
