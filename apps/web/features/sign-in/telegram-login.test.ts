import { expect, it } from 'vitest';
import { readAnswer } from './telegram-login.ts';

const fields = { id: 42, first_name: 'Оля', auth_date: 1767225600, hash: 'ab' };
const said = Buffer.from(JSON.stringify(fields));

it.each(['base64', 'base64url'] as const)('reads what Telegram came back with as %s', (form) => {
  const texts = { id: '42', first_name: 'Оля', auth_date: '1767225600', hash: 'ab' };
  expect(readAnswer(said.toString(form))).toEqual(texts);
});

it.each(['', 'false', '!', Buffer.from('{').toString('base64')])(
  'takes %j for no answer',
  (text) => {
    expect(readAnswer(text)).toBeUndefined();
  },
);
