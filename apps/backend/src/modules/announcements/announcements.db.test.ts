import { API, type ActDone, type ActPreview, type AnnouncementWire } from '@opora/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../test/admin-world.ts';
import { systemIds } from '../../platform/ids/index.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const said = { textRu: 'Разбираемся.', textEn: 'We look into it.' };
const titled = {
  ...{ titleRu: 'Карты медленнее', titleEn: 'Cards are slow', touches: 'buying' },
  ...said,
};
const keyed = (key = systemIds.secret(16), role = 'admin') => ({
  ...{ 'idempotency-key': key, 'x-test-role': role },
});
const press = (act: string, wish: object, headers = keyed()) =>
  world.post(`/api/v1/admin/acts/announcements.${act}`, { ...wish, reason: 'bank' }, headers);
const listed = async () =>
  (await world.get(API.announcements.list.path)).json<{ items: AnnouncementWire[] }>().items;
const current = () => world.parts.announcements.current();
const inMinutes = (minutes: number) =>
  new Date(world.clock.now().getTime() + minutes * 60_000).toISOString();

describe('an incident', () => {
  it('is told, updated step by step, and over when it is resolved; each in the audit log', async () => {
    const key = systemIds.secret(16);
    const first = await press('incident', titled, keyed(key));
    expect(first.json<ActDone>()).toMatchObject({ isFirst: true });
    expect((await press('incident', titled, keyed(key))).json<ActDone>().isFirst).toBe(false);
    const told = await listed();
    const id = told[0]?.id ?? '';
    expect(told).toHaveLength(1);
    expect(await current()).toMatchObject([{ id, updates: [{ step: 'investigating' }] }]);
    const next = { announcementId: id, textRu: 'Исправлено.', textEn: 'Mended.' };
    await press('update', { ...next, step: 'watching' });
    await world.clock.advance(1_000);
    await press('update', { ...next, step: 'resolved' });
    expect(await current()).toEqual([]);
    const [over] = await listed();
    expect(over?.updates.map(({ step }) => step)).toEqual([
      'resolved',
      'watching',
      'investigating',
    ]);
    expect(over?.to).toBe(world.clock.now().toISOString());
    const late = await press('update', { ...next, step: 'identified' });
    expect([late.statusCode, late.json<{ code: string }>().code]).toEqual([
      409,
      'announcements.over',
    ]);
    const { auditId } = first.json<ActDone>();
    const entry = (await world.parts.audit.read([auditId])).get(auditId);
    expect(entry).toMatchObject({ act: 'announcements.incident', after: { id, ...said } });
  });
});

describe('a maintenance', () => {
  it('is upcoming, goes on by its times, and is over by itself', async () => {
    const plan = { ...titled, from: inMinutes(10), to: inMinutes(40) };
    const preview = await world.post(
      '/api/v1/admin/acts/announcements.maintenance/preview',
      plan,
      keyed(),
    );
    expect(preview.json<ActPreview>().consequences.length).toBe(3);
    expect((await press('maintenance', plan)).statusCode).toBe(200);
    expect(await current()).toEqual([]);
    await world.clock.advance(10 * 60_000);
    expect(await current()).toMatchObject([{ kind: 'maintenance', to: plan.to }]);
    await world.clock.advance(30 * 60_000);
    expect(await current()).toEqual([]);
    expect(await listed()).toMatchObject([{ kind: 'maintenance' }, { kind: 'incident' }]);
  });

  it('that is planned is taken back, one that goes on is over', async () => {
    await press('maintenance', { ...titled, from: inMinutes(10), to: inMinutes(40) });
    const [planned] = await listed();
    expect((await press('end', { announcementId: planned?.id })).statusCode).toBe(200);
    expect((await listed()).map(({ id }) => id)).not.toContain(planned?.id);
    await press('maintenance', { ...titled, from: inMinutes(0), to: inMinutes(40) });
    const [going] = await current();
    await press('end', { announcementId: going?.id });
    expect(await current()).toEqual([]);
    expect((await press('end', { announcementId: going?.id })).statusCode).toBe(409);
  });

  it.each([
    ['ends before it begins', 40, 10],
    ['is past', -40, -10],
    ['lasts for days', 10, 60 * 25],
  ])('that %s is refused before and at the press', async (_name, from, to) => {
    const plan = { ...titled, from: inMinutes(from), to: inMinutes(to) };
    const path = '/api/v1/admin/acts/announcements.maintenance/preview';
    expect((await world.post(path, plan, keyed())).statusCode).toBe(400);
    expect((await press('maintenance', plan)).statusCode).toBe(400);
  });
});

it('only who may speak for the house speaks', async () => {
  const answer = await press('incident', titled, keyed(undefined, 'support'));
  expect(answer.statusCode).toBe(403);
});
