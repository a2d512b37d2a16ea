/** The OpenAPI 3.1 document of the whole API, made of the same schemas that validate it. */
import { z } from 'zod';
import type { Endpoint } from './api/endpoint.ts';
import { endpoints } from './api/index.ts';
import { ProblemWire } from './wire.ts';

type Json = Readonly<Record<string, unknown>>;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

export function openApiDocument(options: { version: string; server: string }): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { id, endpoint } of endpoints()) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(id, endpoint),
    };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Opora', version: options.version, license: { name: 'MIT' } },
    servers: [{ url: options.server }],
    paths,
    components: { schemas: { Problem: schemaOf(ProblemWire, 'output') } },
  };
}

function operation(id: string, endpoint: Endpoint): Json {
  const { about, permission, body, example, media = 'application/json' } = endpoint;
  const content = { schema: schemaOf(endpoint.answer, 'output'), example: example.answer };
  return {
    operationId: id,
    summary: about,
    tags: [id.split('.', 1)[0]],
    'x-permission': permission,
    parameters: [
      ...parameters(endpoint, 'path'),
      ...parameters(endpoint, 'query'),
      ...keyOf(endpoint),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: schemaOf(body, 'input'), example: example.body },
            },
          },
        }),
    responses: {
      [String(endpoint.status ?? 200)]: { description: 'Done', content: { [media]: content } },
      default: {
        description: 'Refused: docs/reference/problems.md lists the codes',
        content: { 'application/problem+json': { schema: PROBLEM } },
      },
    },
  };
}

function parameters(endpoint: Endpoint, place: 'path' | 'query'): Json[] {
  const schema = place === 'path' ? endpoint.params : endpoint.query;
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: property,
  }));
}

function keyOf(endpoint: Endpoint): Json[] {
  if (endpoint.keyed !== true) return [];
  return [
    {
      name: 'Idempotency-Key',
      in: 'header',
      required: true,
      schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,128}$' },
    },
  ];
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
