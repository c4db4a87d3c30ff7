// Errors a person running a program can mend: one clear line naming the thing, the value and what is allowed, and exit 2.

export class UserError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'UserError';
    this.code = code;
  }
}

/** Prints the one line to stderr and ends the process with 2. Anything that is not a UserError is a bug and keeps its stack. */
export function exitWith(program: string, error: unknown): never {
  if (error instanceof UserError) process.stderr.write(`${program}: ${error.message}\n`);
  else process.stderr.write(`${program}: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(error instanceof UserError ? 2 : 1);
}
