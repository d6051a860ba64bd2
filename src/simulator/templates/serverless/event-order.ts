import { isObject, type Json, type JsonObject } from '../json.js';
import { OrderedKeys } from './ordered-keys.js';

const eventsOf = (resource: Json): JsonObject => {
  const properties = isObject(resource) && isObject(resource['Properties']) ? resource['Properties'] : {};
  return isObject(properties['Events']) ? properties['Events'] : {};
};

const typeOf = (value: Json): Json | undefined => (isObject(value) ? value['Type'] : undefined);

/** True for a template with a REST API, its own or one that events share: then the order of keys is that of `OrderedKeys`. */
export const hasRestApi = (resources: readonly Json[]): boolean =>
  resources.some(
    (resource) =>
      typeOf(resource) === 'AWS::Serverless::Api' ||
      Object.values(eventsOf(resource)).some((event) => typeOf(event) === 'Api'),
  );

/** Names in the order of their table. */
export function tableOrder(names: readonly string[]): readonly string[] {
  const order = new OrderedKeys();
  for (const name of names) order.add(name);
  return order.keys();
}

/** A resource's events in the order that is left once the events of both families of APIs were completed and put back. */
export function eventOrder(events: JsonObject): readonly string[] {
  const order = new OrderedKeys();
  for (const name of Object.keys(events)) order.add(name);
  for (const family of ['Api', 'HttpApi']) {
    const names = order.keys().filter((name) => typeOf(events[name]!) === family);
    order.merge(tableOrder(names));
  }
  return order.keys();
}
