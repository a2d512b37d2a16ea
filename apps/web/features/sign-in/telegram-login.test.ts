import { expect, it } from 'vitest';
import { readAnswer, wordIn } from './telegram-login.ts';

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

it('takes a code with its state for a word, and the answer of the widget behind `#`', () => {
  expect(wordIn('?code=c&state=s', '')).toEqual({ code: 'c', state: 's' });
  expect(wordIn('?code=c&state=s&iss=https%3A%2F%2Fa.example', '')).toEqual({
    ...{ code: 'c', state: 's', iss: 'https://a.example' },
  });
  const hash = `#tgAuthResult=${said.toString('base64url')}`;
  expect(wordIn('?state=s', hash)).toMatchObject({ fields: { id: '42' } });
});

it.each(['', '?state=s', '?code=c', '?error=access_denied&state=s'])(
  'finds no word in %j',
  (search) => {
    expect(wordIn(search, '')).toBeUndefined();
  },
);
