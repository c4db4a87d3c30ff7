// Geometries as text: well-known text and GeoJSON, read and written.
// Source: https://dev.mysql.com/doc/refman/9.7/en/gis-data-formats.html and spatial-geojson-functions.html
import type { JsonData } from '../value/json.ts';
import { type Collection, isRing, PART_OF, type Point, type Shape, type ShapeKind } from './geometry.ts';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const TOKENS = /[(),]|[^\s(),]+/g;
const MAX_DEPTH = 32;

class Text {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(TOKENS) ?? [];
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  is(token: string): boolean {
    return this.#tokens[this.#at]?.toUpperCase() === token;
  }

  accept(token: string): boolean {
    if (!this.is(token)) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.accept(token)) throw new SyntaxError(token);
  }

  #number(): number {
    const token = this.#tokens[this.#at++] ?? '';
    const value = NUMBER.test(token) ? Number(token) : Number.NaN;
    if (!Number.isFinite(value)) throw new SyntaxError(token);
    return value;
  }

  #point(): Point {
    return [this.#number(), this.#number()];
  }

  #list<T>(read: () => T): T[] {
    this.#expect('(');
    const items = [read()];
    while (this.accept(',')) items.push(read());
    this.#expect(')');
    return items;
  }

  #line(): Point[] {
    return this.#list(() => this.#point());
  }

  #body(kind: ShapeKind, depth: number): Shape {
    switch (kind) {
      case 'POINT': {
        const [at] = this.#list(() => this.#point());
        return { kind, at };
      }
      case 'LINESTRING': {
        const points = this.#line();
        if (points.length < 2) throw new SyntaxError(kind);
        return { kind, points };
      }
      case 'POLYGON': {
        const rings = this.#list(() => this.#line());
        if (!rings.every(isRing)) throw new SyntaxError(kind);
        return { kind, rings };
      }
      case 'MULTIPOINT':
        // Its points may stand without parentheses of their own.
        return {
          kind,
          parts: this.#list(() => (this.is('(') ? this.#body('POINT', depth) : { kind: 'POINT', at: this.#point() })),
        };
      case 'GEOMCOLLECTION':
        return { kind, parts: this.#list(() => this.shape(depth + 1)) };
      default: {
        const part = PART_OF[kind] as ShapeKind;
        return { kind, parts: this.#list(() => this.#body(part, depth)) };
      }
    }
  }

  shape(depth = 0): Shape {
    if (depth > MAX_DEPTH) throw new SyntaxError('depth');
    const word = (this.#tokens[this.#at++] ?? '').toUpperCase();
    const kind = (word === 'GEOMETRYCOLLECTION' ? 'GEOMCOLLECTION' : word) as ShapeKind;
    if (kind !== 'POINT' && kind !== 'LINESTRING' && kind !== 'POLYGON' && !(kind in PART_OF))
      throw new SyntaxError(word);
    if (kind === 'GEOMCOLLECTION') {
      if (this.accept('EMPTY')) return { kind, parts: [] };
      if (this.#tokens[this.#at] === '(' && this.#tokens[this.#at + 1] === ')') {
        this.#at += 2;
        return { kind, parts: [] };
      }
    }
    return this.#body(kind, depth);
  }
}

/** A shape of well-known text; undefined where the text is none. */
export function shapeOfText(text: string): Shape | undefined {
  const reader = new Text(text);
  try {
    const shape = reader.shape();
    return reader.ended ? shape : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function written(point: Point, number: (value: number) => string): string {
  return `${number(point[0])} ${number(point[1])}`;
}

function body(shape: Shape, number: (value: number) => string): string {
  const line = (points: readonly Point[]) => `(${points.map((point) => written(point, number)).join(',')})`;
  switch (shape.kind) {
    case 'POINT':
      return shape.at ? line([shape.at]) : ' EMPTY';
    case 'LINESTRING':
      return line(shape.points);
    case 'POLYGON':
      return `(${shape.rings.map(line).join(',')})`;
    case 'GEOMCOLLECTION':
      return shape.parts.length === 0 ? ' EMPTY' : `(${shape.parts.map((part) => textOf(part, number)).join(',')})`;
    default:
      return `(${shape.parts.map((part) => body(part, number)).join(',')})`;
  }
}

/** Well-known text; `number` writes a coordinate. */
export function textOf(shape: Shape, number: (value: number) => string): string {
  return `${shape.kind === 'GEOMCOLLECTION' ? 'GEOMETRYCOLLECTION' : shape.kind}${body(shape, number)}`;
}

const GEOJSON_NAMES: Readonly<Record<ShapeKind, string>> = {
  POINT: 'Point',
  LINESTRING: 'LineString',
  POLYGON: 'Polygon',
  MULTIPOINT: 'MultiPoint',
  MULTILINESTRING: 'MultiLineString',
  MULTIPOLYGON: 'MultiPolygon',
  GEOMCOLLECTION: 'GeometryCollection',
};

function coordinates(shape: Shape): JsonData {
  switch (shape.kind) {
    case 'POINT':
      return [...(shape.at ?? [])];
    case 'LINESTRING':
      return shape.points.map((point) => [...point]);
    case 'POLYGON':
      return shape.rings.map((ring) => ring.map((point) => [...point]));
    default:
      return shape.parts.map(coordinates);
  }
}

/** A shape as GeoJSON data, RFC 7946. */
export function geoJsonOf(shape: Shape): JsonData {
  const type = GEOJSON_NAMES[shape.kind];
  if (shape.kind === 'GEOMCOLLECTION') return { type, geometries: shape.parts.map(geoJsonOf) };
  return { type, coordinates: coordinates(shape) };
}

type Document = Readonly<Record<string, JsonData>>;

function isDocument(data: JsonData | undefined): data is Document {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function pointOf(data: JsonData): Point | undefined {
  if (!Array.isArray(data) || data.length < 2) return undefined;
  const [x, y] = [Number(data[0]), Number(data[1])];
  return Number.isFinite(x) && Number.isFinite(y) ? [x, y] : undefined;
}

function lineOf(data: JsonData): Point[] | undefined {
  const points = Array.isArray(data) ? data.map(pointOf) : [];
  return points.length > 1 && points.every((point) => point !== undefined) ? (points as Point[]) : undefined;
}

function shapeOfCoordinates(kind: ShapeKind, data: JsonData): Shape | undefined {
  switch (kind) {
    case 'POINT': {
      const at = pointOf(data);
      return at && { kind, at };
    }
    case 'LINESTRING': {
      const points = lineOf(data);
      return points && { kind, points };
    }
    case 'POLYGON': {
      const rings = Array.isArray(data) ? data.map(lineOf) : [];
      return rings.length > 0 && rings.every((ring) => ring && isRing(ring))
        ? { kind, rings: rings as Point[][] }
        : undefined;
    }
    default: {
      const part = PART_OF[kind as Collection] as ShapeKind;
      const parts = Array.isArray(data) ? data.map((item) => shapeOfCoordinates(part, item)) : [];
      return parts.length > 0 && parts.every((item) => item !== undefined)
        ? { kind, parts: parts as Shape[] }
        : undefined;
    }
  }
}

/** A shape of GeoJSON; a text says what is missing, undefined that it is none. */
export function shapeOfGeoJson(data: JsonData, depth = 0): Shape | string | undefined {
  if (!isDocument(data) || depth > MAX_DEPTH) return undefined;
  const { type } = data;
  if (type === undefined) return "Missing required member 'type'";
  if (type === 'Feature') return shapeOfGeoJson(data.geometry ?? null, depth + 1);
  const kind = Object.entries(GEOJSON_NAMES).find(([, name]) => name === type)?.[0] as ShapeKind | undefined;
  if (!kind) return undefined;
  const member = kind === 'GEOMCOLLECTION' ? 'geometries' : 'coordinates';
  const value = data[member];
  if (value === undefined) return `Missing required member '${member}'`;
  if (kind !== 'GEOMCOLLECTION') return shapeOfCoordinates(kind, value);
  const parts = Array.isArray(value) ? value.map((item) => shapeOfGeoJson(item, depth + 1)) : [];
  return parts.every((part) => typeof part === 'object') ? { kind, parts: parts as Shape[] } : undefined;
}
