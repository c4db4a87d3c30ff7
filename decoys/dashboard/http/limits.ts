// Every cap of the HTTP side, with its unit. Values without a word are nginx's documented defaults (ngx_http_core_module).

/** `client_header_buffer_size`: what a connection reads into first. */
export const HEADER_BUFFER_BYTES = 1024;
/** `large_client_header_buffers 4 8k`. */
export const LARGE_HEADER_BUFFER_BYTES = 8192;
export const LARGE_HEADER_BUFFERS = 4;
/** `max_headers`: lines of a header. */
export const HEADER_LINES = 1000;
/** `client_header_timeout`: the whole header, from its first byte. */
export const HEADER_TIMEOUT_MS = 60_000;
/** `client_body_timeout`: between two reads of a body. */
export const BODY_TIMEOUT_MS = 60_000;
/** `send_timeout`: between two writes. */
export const SEND_TIMEOUT_MS = 60_000;
/** `keepalive_timeout` of the packaged configuration. */
export const KEEPALIVE_TIMEOUT_MS = 65_000;
/** `keepalive_requests`: the request of this number on a connection is its last. */
export const KEEPALIVE_REQUESTS = 1000;
/** `lingering_time` and `lingering_timeout`: how long what a client still sends is read and dropped. */
export const LINGERING_MS = 30_000;
export const LINGERING_SILENCE_MS = 5_000;
/** `client_max_body_size`. */
export const BODY_BYTES = 1024 * 1024;

/** Of a body, what is kept for the application and the touch; the rest is counted and hashed. Ours. */
export const KEPT_BODY_BYTES = 64 * 1024;
/** Kept body bytes over all connections; past it bodies are only counted and hashed. Ours. */
export const KEPT_BODIES_BYTES = 4 * 1024 * 1024;
/** Header bytes waiting for their end over all connections; past it those that wait longest are closed. Ours. */
export const PENDING_HEADERS_BYTES = 8 * 1024 * 1024;
/** Once that is reached, so much is given up at a time. Ours. */
export const PENDING_HEADERS_SHED_BYTES = 2 * 1024 * 1024;
/** Connections open at once; past it the one that has been idle longest is closed, as nginx reuses its idle connections. Ours. */
export const CONNECTIONS = 4096;
/** Bytes of later requests taken in while an earlier one is being answered; past it the socket is paused. Ours. */
export const PIPELINE_BYTES = 64 * 1024;
/** Requests the application answers at once; further ones wait their turn. Ours. */
export const ASKED_AT_ONCE = 32;
/** Pipelined requests answered before other connections get their turn. Ours. */
export const PIPELINE_TURN = 16;
