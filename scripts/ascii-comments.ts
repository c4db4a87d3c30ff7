// Comments of bundles in ASCII: V8 keeps a source with one other character in two bytes a character, which is 1.5 MB of an idle db.
// esbuild escapes such characters in code and leaves them in comments.

const COMMENT_LINE = /^\s*(\/\/|\/\*|\*)/;

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length;
}

/** A tsup plugin: rewrites lines that are comments, and no others. */
export function asciiComments(): { name: string; renderChunk: (code: string) => { code: string } } {
  return {
    name: 'ascii-comments',
    renderChunk(code) {
      const lines = code
        .split('\n')
        .map((line) =>
          isAscii(line) || !COMMENT_LINE.test(line) ? line : Buffer.from(line, 'latin1').toString('ascii'),
        );
      return { code: lines.join('\n') };
    },
  };
}
