// Errors of geometries and spatial reference systems.
// Source: https://dev.mysql.com/doc/mysql-errors/9.7/en/server-error-reference.html, texts as recorded from 9.7.4.

/** code, SQLSTATE, text with %s for each argument. */
export const ERRORS_SPATIAL = {
  ER_GIS_DIFFERENT_SRIDS: [
    3033,
    'HY000',
    'Binary geometry function %s given two geometries of different srids: %s and %s, which should have been identical.',
  ],
  ER_GIS_INVALID_DATA: [3037, '22023', 'Invalid GIS data provided to function %s.'],
  ER_NOT_LITTLE_ENDIAN: [3055, 'HY000', 'Geometry byte string must be little endian.'],
  ER_INCORRECT_TYPE: [3064, 'HY000', 'Incorrect type for argument %s in function %s.'],
  ER_INVALID_GEOJSON_MISSING_MEMBER: [3070, 'HY000', 'Invalid GeoJSON data provided to function %s: %s'],
  ER_INVALID_GEOJSON_UNSPECIFIED: [3073, 'HY000', 'Invalid GeoJSON data provided to function %s'],
  ER_CANT_CREATE_GEOMETRY_OBJECT: [
    1416,
    '22003',
    'Cannot get geometry object from data you send to the GEOMETRY field',
  ],
  ER_UNEXPECTED_GEOMETRY_TYPE: [3516, '22S01', '%s value is a geometry of unexpected type %s in %s.'],
  ER_SRS_NOT_FOUND: [3548, 'SR001', "There's no spatial reference system with SRID %s."],
  ER_INVALID_OPTION_KEY: [3558, '22023', "Invalid option key '%s' in function %s."],
  ER_INVALID_OPTION_VALUE: [3559, '22023', "Invalid value '%s' for option '%s' in function '%s'."],
  ER_INVALID_OPTION_PAIR: [3560, '22023', "The string '%s' is not a valid key = value pair in function %s."],
  ER_LONGITUDE_OUT_OF_RANGE: [3616, '22S02', 'Longitude %s is out of range in function %s. It must be within %s, %s.'],
  ER_LATITUDE_OUT_OF_RANGE: [3617, '22S03', 'Latitude %s is out of range in function %s. It must be within %s, %s.'],
  ER_NOT_IMPLEMENTED_FOR_GEOGRAPHIC_SRS: [
    3618,
    '22S00',
    '%s has not been implemented for geographic spatial reference systems.',
  ],
  ER_NOT_IMPLEMENTED_FOR_CARTESIAN_SRS: [
    3704,
    '22S00',
    '%s has not been implemented for Cartesian spatial reference systems.',
  ],
  ER_NONPOSITIVE_RADIUS: [3706, '22003', 'Invalid radius provided to function %s: Radius must be greater than zero.'],
  ER_SRS_NOT_GEOGRAPHIC: [
    3726,
    '22S00',
    'Function %s is only defined for geographic spatial reference systems, but one of its arguments is in SRID %s, which is not geographic.',
  ],
  ER_TRANSFORM_TARGET_SRS_NOT_SUPPORTED: [3742, '22S00', 'Transformation to SRID %s is not supported.'],
  ER_GEOMETRY_IN_UNKNOWN_LENGTH_UNIT: [
    3882,
    'SU001',
    "The geometry passed to function %s is in SRID %s, which doesn't specify a length unit. Can't convert to '%s'.",
  ],
  ER_TO_VECTOR_CONVERSION: [6138, 'HY000', "Data cannot be converted to a valid vector: '%s'"],
  ER_INVALID_CAST_TO_GEOMETRY: [4032, '22S01', 'Invalid cast from %s to %s.'],
} as const satisfies Record<string, readonly [number, string, string]>;
