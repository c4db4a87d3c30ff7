import type { CommonRows } from '../scope.ts';

/** A common table that is compiled when it is first named. */
export function whenRead(make: () => CommonRows): CommonRows {
  let made: CommonRows | undefined;
  const read = (): CommonRows => {
    made ??= make();
    return made;
  };
  return {
    get columns() {
      return read().columns;
    },
    get changes() {
      return read().changes ?? false;
    },
    get prepare() {
      return read().prepare;
    },
    rows: () => read().rows(),
  };
}
