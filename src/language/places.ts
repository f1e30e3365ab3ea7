/** Where the parts of a schema may stand: a `perOther` is about the others of the server around it. */
import { InvalidType, MisplacedPerOther } from './errors.js';
import { slotType } from './layout.js';
import type { StructType, Type } from './types.js';

/** Throws InvalidType of what is no struct, MisplacedPerOther of one with an array where it means nothing. */
export function checkSchema(schema: StructType): void {
  if ((schema as StructType | undefined)?.kind !== 'struct') {
    throw new InvalidType('the schema', schema, 'a `struct`');
  }
  checkPlaces(schema, '', null);
}

/** `servers` is the length of the nearest `perServer` around it; null outside. */
function checkPlaces(type: Type, path: string, servers: number | null): void {
  switch (type.kind) {
    case 'struct':
      for (const [name, field] of Object.entries(type.fields)) {
        checkPlaces(field, path === '' ? name : `${path}.${name}`, servers);
      }
      return;
    case 'channel':
    case 'sequence':
    case 'bag':
      return checkPlaces(slotType(type), `${path}[]`, servers);
    case 'optional':
      return checkPlaces(type.value, `${path}.value`, servers);
    case 'array': {
      if (type.skipsSelf && type.length !== servers) throw new MisplacedPerOther(path);
      const isServer = type.perSid && !type.skipsSelf;
      return checkPlaces(type.element, `${path}[]`, isServer ? type.length : servers);
    }
    default:
  }
}
