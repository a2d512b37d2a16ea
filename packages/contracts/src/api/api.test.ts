import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { PERMISSIONS } from '../permissions.ts';
import { ROLE_PERMISSIONS, STAFF_PERMISSIONS, STEP_UP_PERMISSIONS } from '../staff.ts';
import { apiPage } from '../api-page.ts';
import { openApiDocument } from '../openapi.ts';
import { endpoints } from './index.ts';

const all = endpoints();

describe('the table of the API', () => {
  it('has each address once', () => {
    const addresses = all.map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(all.length).toBeGreaterThan(60);
  });

  it.each(all)('$id has an example that its own schemas accept', ({ endpoint }) => {
    const { params, query, body, answer, example } = endpoint;
    expect(answer.safeParse(example.answer)).toMatchObject({ success: true });
    if (params !== undefined)
      expect(params.safeParse(example.params)).toMatchObject({ success: true });
    if (query !== undefined)
      expect(query.safeParse(example.query)).toMatchObject({ success: true });
    if (body !== undefined) expect(body.safeParse(example.body)).toMatchObject({ success: true });
  });

  it.each(all)('$id names in its path what its parameters are', ({ endpoint }) => {
    const named = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const example = endpoint.example.params;
    expect(Object.keys(example ?? {}).toSorted()).toEqual(named.toSorted());
  });

  it('asks for a key wherever staff or money acts', () => {
    const acting = all.filter(({ id }) => id.endsWith('.perform') || id === 'me.placeOrder');
    expect(acting.length).toBeGreaterThan(12);
    for (const { endpoint } of acting) expect(endpoint.keyed).toBe(true);
  });

  it('has for every list that goes by pages a file with the same filters', () => {
    const fieldsOf = (schema: unknown): string[] =>
      schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
    const lists = all.filter(
      ({ id, endpoint }) => fieldsOf(endpoint.answer).includes('older') && !id.startsWith('me.'),
    );
    const files = all
      .filter(({ endpoint }) => endpoint.media === 'text/csv')
      .map(({ endpoint }) => fieldsOf(endpoint.query).join(' '));
    expect(lists.length).toBeGreaterThan(10);
    expect(files).toHaveLength(lists.length);
    const pages = ['after', 'before', 'limit'];
    for (const { id, endpoint } of lists) {
      const filters = fieldsOf(endpoint.query).filter((name) => !pages.includes(name));
      expect(files, id).toContain(filters.join(' '));
    }
  });

  it('never changes anything by GET', () => {
    for (const { endpoint } of all) {
      if (endpoint.method === 'GET') expect(endpoint.body).toBeUndefined();
    }
  });
});

describe('the table of rights', () => {
  it('is what was last read and agreed', () => {
    const table = Object.fromEntries(
      Object.entries(ROLE_PERMISSIONS).map(([role, rights]) => [role, [...rights].toSorted()]),
    );
    expect({ ...table, stepUp: [...STEP_UP_PERMISSIONS].toSorted() }).toMatchSnapshot();
  });

  it('has for every right of staff somebody who has it and a route that asks for it', () => {
    for (const right of Object.keys(STAFF_PERMISSIONS)) {
      expect(Object.keys(PERMISSIONS)).toContain(right);
      expect(all.some(({ endpoint }) => endpoint.permission === right)).toBe(true);
    }
    expect(ROLE_PERMISSIONS.owner.size).toBe(Object.keys(STAFF_PERMISSIONS).length);
  });

  it('gives support no act that moves money or rights', () => {
    for (const right of STEP_UP_PERMISSIONS) {
      expect(ROLE_PERMISSIONS.support.has(right)).toBe(false);
    }
  });
});

describe('the reference page', () => {
  it('is what the table says', async () => {
    await expect(apiPage()).toMatchFileSnapshot('../../../../docs/reference/api.md');
  });
});

describe('the OpenAPI document', () => {
  it('describes every endpoint with its schemas', () => {
    const document = openApiDocument({ version: '0.0.0', server: 'https://api.example.com' });
    const paths = Object.values(document['paths'] as Record<string, object>); // built just above
    const operations: { operationId: string }[] = paths.flatMap((path) => Object.values(path));
    expect(operations.map(({ operationId }) => operationId).toSorted()).toEqual(
      all.map(({ id }) => id).toSorted(),
    );
    expect(JSON.stringify(document)).not.toContain('undefined');
  });
});
