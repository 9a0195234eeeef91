import Type, { type TObject, type TSchema } from 'typebox';
import { type ConfigNode, configNode, type JsonObject } from './schema-walk.ts';
import { sharedKeys } from './shared-config.ts';

/** The whole configuration: what all services share, and a section per service. */
export function configSchema(sections: Readonly<Record<string, TSchema>>): TObject {
  return Type.Object(
    {
      $schema: Type.Optional(Type.String({ description: 'Address of the JSON Schema, for editors.' })),
      ...sharedKeys,
      ...sections,
    },
    { additionalProperties: false },
  );
}

/** The published JSON Schema: nothing is required that has a default, since a file names only what it changes. */
export function publishedSchema(schema: TObject): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of OCPP Compote',
    ...(relaxed(configNode(schema)) as JsonObject),
  };
}

function relaxed(node: ConfigNode): ConfigNode {
  const { required, properties, items, ...rest } = node;
  if (properties === undefined) return { ...rest, ...(items === undefined ? {} : { items: relaxed(items) }) };
  const still = (required ?? []).filter((name) => !comesByItself(properties[name]));
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, relaxed(child)])),
    ...(still.length === 0 ? {} : { required: still }),
  };
}

function comesByItself(node: ConfigNode | undefined): boolean {
  if (node?.default !== undefined) return true;
  if (node?.properties === undefined) return false;
  return (node.required ?? []).every((name) => comesByItself(node.properties?.[name]));
}
