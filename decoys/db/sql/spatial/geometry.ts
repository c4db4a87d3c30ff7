// Geometries and their bytes: MySQL keeps four bytes of SRID and well-known binary, little endian.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-data-formats.html

export type Point = readonly [number, number];

export type Shape =
  | { readonly kind: 'POINT'; readonly at: Point | undefined }
  | { readonly kind: 'LINESTRING'; readonly points: readonly Point[] }
  | { readonly kind: 'POLYGON'; readonly rings: readonly (readonly Point[])[] }
  | { readonly kind: Collection; readonly parts: readonly Shape[] };

export type Collection = 'MULTIPOINT' | 'MULTILINESTRING' | 'MULTIPOLYGON' | 'GEOMCOLLECTION';
export type ShapeKind = Shape['kind'];

export interface Geometry {
  readonly srid: number;
  readonly shape: Shape;
}

/** Types by their number in well-known binary, from 1. */
export const KINDS: readonly ShapeKind[] = [
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMCOLLECTION',
];

/** The kind of each part; any kind in a collection. */
export const PART_OF: Readonly<Record<Collection, ShapeKind | undefined>> = {
  MULTIPOINT: 'POINT',
  MULTILINESTRING: 'LINESTRING',
  MULTIPOLYGON: 'POLYGON',
  GEOMCOLLECTION: undefined,
};

const SRID_BYTES = 4;
const POINT_BYTES = 16;
/** Collections inside collections. */
const MAX_DEPTH = 32;

class Malformed extends Error {}

class Reader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  #need(count: number): void {
    if (this.at + count > this.bytes.length) throw new Malformed();
  }

  byte(): number {
    this.#need(1);
    return this.bytes[this.at++] as number;
  }

  uint(little: boolean): number {
    this.#need(4);
    this.at += 4;
    return little ? this.bytes.readUInt32LE(this.at - 4) : this.bytes.readUInt32BE(this.at - 4);
  }

  point(little: boolean): Point {
    this.#need(POINT_BYTES);
    const [x, y] = [this.at, this.at + 8];
    this.at += POINT_BYTES;
    const read = (at: number) => (little ? this.bytes.readDoubleLE(at) : this.bytes.readDoubleBE(at));
    const point: Point = [read(x), read(y)];
    if (!point.every(Number.isFinite)) throw new Malformed();
    return point;
  }

  points(little: boolean): Point[] {
    const count = this.uint(little);
    this.#need(count * POINT_BYTES);
    return Array.from({ length: count }, () => this.point(little));
  }

  shape(depth = 0): Shape {
    if (depth > MAX_DEPTH) throw new Malformed();
    const order = this.byte();
    if (order > 1) throw new Malformed();
    const little = order === 1;
    const kind = KINDS[this.uint(little) - 1];
    if (!kind) throw new Malformed();
    if (kind === 'POINT') return { kind, at: this.point(little) };
    if (kind === 'LINESTRING') return wholeLine(this.points(little));
    const count = this.uint(little);
    // No part is shorter than a count.
    this.#need(count * 4);
    if (kind === 'POLYGON') return wholePolygon(Array.from({ length: count }, () => this.points(little)));
    const parts = Array.from({ length: count }, () => this.shape(depth + 1));
    const only = PART_OF[kind];
    if ((only && parts.some((part) => part.kind !== only)) || (only && count === 0)) throw new Malformed();
    return { kind, parts };
  }
}

function wholeLine(points: readonly Point[]): Shape {
  if (points.length < 2) throw new Malformed();
  return { kind: 'LINESTRING', points };
}

export const same = (a: Point | undefined, b: Point | undefined): boolean =>
  a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1];

/** Whether points end where they begin, and are four at least. */
export function isRing(points: readonly Point[]): boolean {
  return points.length >= 4 && same(points[0], points.at(-1));
}

function wholePolygon(rings: readonly (readonly Point[])[]): Shape {
  if (rings.length === 0 || !rings.every(isRing)) throw new Malformed();
  return { kind: 'POLYGON', rings };
}

/** A shape of well-known binary; undefined where the bytes are none. */
export function shapeOfBinary(bytes: Buffer): Shape | undefined {
  const reader = new Reader(bytes);
  try {
    const shape = reader.shape();
    return reader.at === bytes.length ? shape : undefined;
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** A geometry of the bytes a value of type GEOMETRY is; undefined where they are none. */
export function geometryOf(bytes: Buffer): Geometry | undefined {
  if (bytes.length < SRID_BYTES) return undefined;
  const shape = shapeOfBinary(bytes.subarray(SRID_BYTES));
  return shape && { srid: bytes.readUInt32LE(0), shape };
}

/** Bytes of a count or a kind, and of the mark of the byte order. */
const COUNT_BYTES = 4;
const HEAD_BYTES = 1 + COUNT_BYTES;

function lineLength(points: readonly Point[]): number {
  return COUNT_BYTES + POINT_BYTES * points.length;
}

/** Bytes of a shape as well-known binary. */
function binaryLength(shape: Shape): number {
  switch (shape.kind) {
    case 'POINT':
      return HEAD_BYTES + POINT_BYTES;
    case 'LINESTRING':
      return HEAD_BYTES + lineLength(shape.points);
    case 'POLYGON':
      return shape.rings.reduce((sum, ring) => sum + lineLength(ring), HEAD_BYTES + COUNT_BYTES);
    default:
      return shape.parts.reduce((sum, part) => sum + binaryLength(part), HEAD_BYTES + COUNT_BYTES);
  }
}

function writePoint(bytes: Buffer, [x, y]: Point, at: number): number {
  bytes.writeDoubleLE(x, at);
  return bytes.writeDoubleLE(y, at + 8);
}

function writeLine(bytes: Buffer, points: readonly Point[], from: number): number {
  let at = bytes.writeUInt32LE(points.length, from);
  for (const point of points) at = writePoint(bytes, point, at);
  return at;
}

const NOWHERE: Point = [Number.NaN, Number.NaN];

/** Writes a shape as well-known binary; gives where it ends. */
function writeBinary(bytes: Buffer, shape: Shape, from: number): number {
  let at = bytes.writeUInt32LE(KINDS.indexOf(shape.kind) + 1, bytes.writeUInt8(1, from));
  switch (shape.kind) {
    case 'POINT':
      return writePoint(bytes, shape.at ?? NOWHERE, at);
    case 'LINESTRING':
      return writeLine(bytes, shape.points, at);
    case 'POLYGON':
      at = bytes.writeUInt32LE(shape.rings.length, at);
      for (const ring of shape.rings) at = writeLine(bytes, ring, at);
      return at;
    default:
      at = bytes.writeUInt32LE(shape.parts.length, at);
      for (const part of shape.parts) at = writeBinary(bytes, part, at);
      return at;
  }
}

/** Well-known binary of a shape, little-endian. */
export function binaryOf(shape: Shape): Buffer {
  const bytes = Buffer.alloc(binaryLength(shape));
  writeBinary(bytes, shape, 0);
  return bytes;
}

/** A geometry as the server stores it: SRID and well-known binary, little-endian. */
export function bytesOf({ srid, shape }: Geometry): Buffer {
  const bytes = Buffer.alloc(SRID_BYTES + binaryLength(shape));
  writeBinary(bytes, shape, bytes.writeUInt32LE(srid, 0));
  return bytes;
}

/** Every point of a shape. */
export function pointsOf(shape: Shape): readonly Point[] {
  switch (shape.kind) {
    case 'POINT':
      return shape.at ? [shape.at] : [];
    case 'LINESTRING':
      return shape.points;
    case 'POLYGON':
      return shape.rings.flat();
    default:
      return shape.parts.flatMap(pointsOf);
  }
}

/** The shape with each of its points changed. */
export function mapPoints(shape: Shape, change: (point: Point) => Point): Shape {
  switch (shape.kind) {
    case 'POINT':
      return { ...shape, at: shape.at && change(shape.at) };
    case 'LINESTRING':
      return { ...shape, points: shape.points.map(change) };
    case 'POLYGON':
      return { ...shape, rings: shape.rings.map((ring) => ring.map(change)) };
    default:
      return { ...shape, parts: shape.parts.map((part) => mapPoints(part, change)) };
  }
}

/** Shapes that are no collection, in order. */
export function simpleParts(shape: Shape): readonly Exclude<Shape, { readonly kind: Collection }>[] {
  return 'parts' in shape ? shape.parts.flatMap(simpleParts) : [shape];
}
