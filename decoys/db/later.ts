// A part of the program in a file of its own beside it: read while files may be read, compiled and run when it is first needed.
// nodejs.org/api/vm.html#class-vmscript
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What such a file holds; it requires Node's own modules alone. */
type Part = (require: (id: string) => unknown, module: { exports: unknown }) => void;

/** Compiling and running are a turn's work each. */
export interface LaterPart<Exports> {
  compile(): void;
  /** Compiles first where that was not done. */
  run(): Exports;
}

/** Reads `file` of the program's own directory. */
export function readLater<Exports>(file: string): LaterPart<Exports> {
  const filename = join(import.meta.dirname, file);
  // It is ASCII: a character is one byte in memory too.
  const text = readFileSync(filename, 'latin1');
  let part: Part | undefined;
  function compiled(): Part {
    const { Script } = process.getBuiltinModule('node:vm');
    part ??= new Script(text, { filename }).runInThisContext() as Part;
    return part;
  }
  return {
    compile: () => void compiled(),
    run() {
      const module = { exports: {} };
      compiled()(process.getBuiltinModule, module);
      return module.exports as Exports;
    },
  };
}
