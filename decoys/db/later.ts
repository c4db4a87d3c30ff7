// A part of the program in a file of its own beside it: read while files may be read, compiled and run when it is first needed.
// nodejs.org/api/vm.html#class-vmscript
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What such a file holds; it requires Node's own modules alone. */
type Part = (require: (id: string) => unknown, module: { exports: unknown }) => void;

/** Reads `file` of the program's own directory; the function that comes back runs it and gives what it exports. */
export function readLater<Exports>(file: string): () => Exports {
  const filename = join(import.meta.dirname, file);
  // It is ASCII: a character is one byte in memory too.
  const text = readFileSync(filename, 'latin1');
  return () => {
    const { Script } = process.getBuiltinModule('node:vm');
    const module = { exports: {} };
    const part = new Script(text, { filename }).runInThisContext() as Part;
    part(process.getBuiltinModule, module);
    return module.exports as Exports;
  };
}
