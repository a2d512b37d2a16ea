import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCustomerWorld, type CustomerWorld } from '../../test/customer-world.ts';
import type { Notice } from '../modules/identity/index.ts';
import { sql } from '../platform/db/index.ts';
import { createLetters } from './letters.ts';

const WEB = 'https://opora.example';
let world: CustomerWorld;

beforeAll(async () => {
  world = await createCustomerWorld();
});
afterAll(() => world.close());

type Row = { template: string; person_id: string | null; address: string | null };

describe('a word about the own account (A7)', () => {
  it('goes by mail, and by the bot to whom has no mailbox', async () => {
    const { parts } = world;
    const { id: personId } = await world.signIn('Olga');
    const letters = createLetters({ ...parts, webUrl: WEB, messaging: () => parts.messaging });
    const notice: Notice = {
      ...{ kind: 'passkey_changed', personId, email: undefined, language: 'ru', isStaff: false },
      ...{ at: parts.clock.now(), address: '192.0.2.1', userAgent: undefined },
    };
    await parts.db.transaction((tx) => letters.notify(tx, notice));
    await parts.db.transaction((tx) =>
      letters.notify(tx, { ...notice, email: 'olga@example.com' }),
    );
    const { rows } = await sql<Row>`select template, person_id, address from message
      order by created_at, id`.execute(parts.db.read);
    expect(rows).toEqual([
      { template: 'security', person_id: personId, address: null },
      { template: 'mail.security', person_id: null, address: 'olga@example.com' },
    ]);
  });

  it('says what happened and where to look, in both languages', () => {
    const { words } = world.parts;
    const values = {
      what: { words: 'security.passkey' },
      at: { date: '2026-12-24T11:00:00Z' },
      link: { text: `${WEB}/cabinet/account` },
    };
    expect(words.html('en', 'security', values)).toMatch(/^<b>A passkey was.*account$/s);
    expect(words.html('ru', 'security', values)).toMatch(/^<b>Ключ доступа.*account$/s);
  });
});
