// Every cap of the decoy in one table: attackers own the input, so nothing they send is unbounded in bytes, time or count.

const KIB = 1024;
const MIB = 1024 * KIB;

/** Largest payload of one packet on the wire; a payload of exactly this size is continued in the next packet. */
export const PACKET_PAYLOAD_BYTES = 0xffffff;
/** Bytes of one message kept whole after login; a longer one is kept as head, tail, length and sha256. */
export const MESSAGE_KEPT_BYTES = MIB;
export const MESSAGE_HEAD_BYTES = 64 * KIB;
export const MESSAGE_TAIL_BYTES = 4 * KIB;
/** Messages kept over all connections together; past it every one that comes in parts is kept as a short head and tail. */
export const ALL_MESSAGES_BYTES = 8 * MIB;
export const MESSAGE_CROWDED_HEAD_BYTES = 8 * KIB;
/** Statements of many bytes that wait to be read, over all connections together. */
export const ALL_LONG_STATEMENTS_BYTES = 4 * MIB;
/** Longest compressed frame read, and what it may hold; a longer one is refused as a packet over max_allowed_packet is. */
export const FRAME_BYTES = 4 * MIB;
/** Bytes kept of a packet before login; a longer one is read to its end and kept as head and tail. */
export const LOGIN_KEPT_BYTES = 64 * KIB;
/** Longest message read before login and after it (max_allowed_packet). */
export const LOGIN_PACKET_BYTES = 64 * MIB;
/** Replies not yet taken by the client, in bytes, before we stop reading its commands. */
export const UNSENT_REPLY_BYTES = 256 * KIB;
/** Replies not yet taken by all clients together, in bytes, before the one that takes least is hung up on. */
export const ALL_UNSENT_BYTES = 12 * MIB;
/** Bytes of further commands read while one is answered, a connection. */
export const READ_AHEAD_BYTES = 16 * KIB;
/** A long reply leaves in parts of about this size, in bytes. */
export const REPLY_PART_BYTES = 64 * KIB;
/** A client that takes nothing of its replies for this long is closed (net_write_timeout), in ms. */
export const WRITE_TIMEOUT_MS = 60_000;
/** Time to the end of the login (connect_timeout), in ms. */
export const LOGIN_TIMEOUT_MS = 10_000;
/** Time between two commands (wait_timeout, interactive_timeout), in ms. */
export const IDLE_TIMEOUT_MS = 28_800_000;
/** A connection that said nothing for this long leaves its tcp-connect touch at once, in ms. */
export const SILENT_CONNECT_MS = 50;
/** max_connections, and the one more the server keeps for an administrator. */
export const MAX_CONNECTIONS = 151;
/** Sockets that wait before there is an answer for them: as many as are answered at once; past it a new one is closed after its touch. */
export const EARLY_SOCKETS = MAX_CONNECTIONS + 1;
/** Sockets open at once, logged in or not; past it a new one is closed after its touch. */
export const MAX_SOCKETS = 1_200;
/** Statement text in a touch, in bytes; the sha256 and length tell the whole. */
export const TOUCH_STATEMENT_BYTES = 8 * KIB;
/** Client attributes of a login: pairs, and bytes of one name or value, in a touch. */
export const TOUCH_ATTRIBUTES = 16;
export const TOUCH_ATTRIBUTE_BYTES = 128;
/** Prepared parameters shown in a touch, and bytes of each. */
export const TOUCH_PARAMETERS = 16;
export const TOUCH_PARAMETER_BYTES = 128;
/** Prefix of bytes that made no sense, in a touch. */
export const TOUCH_PAYLOAD_BYTES = 512;
/** Prepared statements of one connection (the server's own limit over all is 16382). */
export const PREPARED_STATEMENTS = 256;
/** Bytes sent ahead by COM_STMT_SEND_LONG_DATA, a connection. */
export const LONG_DATA_BYTES = 256 * KIB;

/** Work a statement may do, in evaluation steps; a row, an operator and 64 bytes of text cost one each. */
export const STATEMENT_FUEL = 150_000;
/** CPU a statement may take where its steps do not tell, in ms; several times what the steps come to on a machine of today. */
export const STATEMENT_CPU_MS = 100;
/** The same of a statement that lets others have their turn while it runs: all in all, and between two of their turns. */
export const PACED_FUEL = 1_500_000;
export const PACED_CPU_MS = 600;
export const TURN_CPU_MS = 40;
/** Cells (values of rows) a statement may hold at once while it works. */
export const STATEMENT_CELLS = 400_000;
/** Nesting of expressions and queries. */
export const NESTING_DEPTH = 60;
/** Tokens of one statement; one that has more is told the parser's memory is used up, as the server tells it. */
export const STATEMENT_TOKENS = 50_000;
/** Ends of conditional comments in one statement; one that has more is told the same. */
export const STATEMENT_COMMENTS = 4_000;
/** Operands of one statement's expressions; bare literals of a list are not counted. The server runs out of stack past such a chain. */
export const STATEMENT_OPERANDS = 3_000;
/** Columns a query selects: as many as a table of InnoDB holds. */
export const SELECT_COLUMNS = 1_017;
/** Bytes of one value the interpreter makes. */
export const VALUE_BYTES = MIB;
/** Rows and bytes of one result. */
export const RESULT_ROWS = 20_000;
export const RESULT_BYTES = 8 * MIB;
/** What all sessions together keep between statements, in bytes; one source has half of it at most. */
export const ALL_KEPT_BYTES = 6 * MIB;
/** What keeping one byte of a statement's text costs once it is parsed, in bytes. */
export const PARSED_BYTES_A_BYTE = 16;
/** User variables of one session, and bytes they hold together. */
export const USER_VARIABLES = 256;
export const USER_VARIABLE_BYTES = MIB;
/** Longest SLEEP, GET_LOCK or BENCHMARK answered, in seconds. */
export const DELAY_SECONDS = 86_400;
