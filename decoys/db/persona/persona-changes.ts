// How one version of the server differs from the version whose data was recorded: what it lacks, and what it has instead.

export interface PersonaChanges {
  /** Names the other version does not have yet, as the server spells them. */
  readonly lacks: {
    readonly variables: readonly string[];
    readonly status: readonly string[];
    /** Tables as `schema.TABLE`. */
    readonly tables: readonly string[];
    readonly privileges: readonly string[];
    /** In upper case. */
    readonly functions: readonly string[];
  };
  readonly has: {
    /** Variables the recorded version no longer has, each with one that is of the same kind and holds the same. */
    readonly variables: Readonly<Record<string, string>>;
    /** Rows of system tables that hold the same on every server, by `schema.TABLE`. */
    readonly rows: Readonly<Record<string, readonly (readonly (string | null)[])[]>>;
    /** What such rows say instead: old text and new, by table. */
    readonly cells: Readonly<Record<string, Readonly<Record<string, string>>>>;
    /** MD5, SHA and SHA1 are built in. */
    readonly classicHashes: boolean;
  };
}

export const NO_CHANGES: PersonaChanges = {
  lacks: { variables: [], status: [], tables: [], privileges: [], functions: [] },
  has: { variables: {}, rows: {}, cells: {}, classicHashes: false },
};
