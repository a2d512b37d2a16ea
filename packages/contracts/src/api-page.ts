import { endpoints, type NamedEndpoint } from './api/index.ts';

/** The reference page of the API as Markdown; `vitest run packages/contracts -u` writes it. */
export function apiPage(): string {
  const groups = Map.groupBy(endpoints(), ({ id }) => id.split('.', 1)[0] ?? id);
  return [
    '# HTTP API',
    '',
    'Every address with who may call it. With examples: `GET /api/docs` of a running platform; as a',
    'document: `GET /api/openapi.json` (OpenAPI 3.1). A **key** means that `Idempotency-Key` is required',
    'and that a repeat with the same one has the effect of one call. Lists are pages by key: `older` and',
    '`newer` of an answer are given back as `after` and `before`. Refusals: [problems](problems.md).',
    'This page is generated from `packages/contracts/src/api`.',
    ...[...groups].flatMap(([name, list]) => [
      '',
      `## ${name}`,
      '',
      '| call | permission | what |',
      '| --- | --- | --- |',
      ...list.map(row),
    ]),
    '',
  ].join('\n');
}

function row({ endpoint }: NamedEndpoint): string {
  const { method, path, permission, about, keyed, media } = endpoint;
  const notes = [...(keyed === true ? ['**key**'] : []), ...(media === undefined ? [] : [media])];
  const more = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  return `| \`${method} ${path}\` | \`${permission}\` | ${about}${more} |`;
}
