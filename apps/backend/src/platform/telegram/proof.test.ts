import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { describe, expect, it } from 'vitest';
import { INIT_DATA_MAX, proveInitData, proveLogin } from './proof.ts';

/** The vector of the specification; its token is nobody's. */
const TOKEN = '123456789:TEST_TOKEN_FOR_VECTORS_ONLY';
const SAID = `auth_date=1767225600&chat_instance=-42&chat_type=private&query_id=AAF1&signature=c2ln&start_param=ref_77&user=%7B%22id%22%3A42%2C%22first_name%22%3A%22%D0%9E%D0%BB%D1%8F%20%2F%20O'%22%2C%22language_code%22%3A%22ru%22%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fu.svg%22%7D`;
const HASH = '7d13b8c95e464cb3cca87c206c2234f297f4a9d08610b9af4ade2cb437ba93c1';
const HASH_WITHOUT_SIGNATURE = '56eb7228425371bf0a3a5f59303d8ac609890a6d9bda21605a27298f28d3e906';
const keys = { botToken: new Secret(TOKEN) };
const signedAt = 1_767_225_600_000;
const at = (shiftMs = 0): Date => new Date(signedAt + shiftMs);
const MINUTE_MS = 60_000;

describe('what a Mini App is opened with', () => {
  const prove = (raw: string, when = at()) => proveInitData(raw, keys, when);

  it('is believed as the vector of the specification says', () => {
    expect(prove(`${SAID}&hash=${HASH}`)).toMatchObject({
      outcome: 'proved',
      user: { id: 42n, firstName: "Оля / O'", username: undefined, languageCode: 'ru' },
      until: at(15 * MINUTE_MS),
    });
    expect(prove(`${SAID}&hash=${HASH_WITHOUT_SIGNATURE}`)).toEqual({ outcome: 'forged' });
  });

  it.each([
    ['another person', `${SAID.replace('%3A42%2C', '%3A43%2C')}&hash=${HASH}`],
    ['another time', `${SAID.replace('1767225600', '1767225601')}&hash=${HASH}`],
    ['a field more', `${SAID}&role=owner&hash=${HASH}`],
    ['a field less', `${SAID.replace('&query_id=AAF1', '')}&hash=${HASH}`],
    ['a name twice', `${SAID}&hash=${HASH}&user=%7B%22id%22%3A43%7D`],
    ['a hash twice', `${SAID}&hash=${HASH}&hash=${HASH}`],
    ['one bit of the hash', `${SAID}&hash=${HASH.replace('7d13', '7d12')}`],
    ['a short hash', `${SAID}&hash=${HASH.slice(0, 62)}`],
    ['no hash', SAID],
    ['nothing', ''],
    ['too much', `${SAID}&hash=${HASH}&x=${'x'.repeat(INIT_DATA_MAX)}`],
  ])('is not believed with %s', (_what, raw) => {
    expect(prove(raw)).toEqual({ outcome: 'forged' });
  });

  it('is not believed when it was made for another bot', () => {
    const other = { botToken: new Secret('987654321:TEST_TOKEN_FOR_VECTORS_ONLY') };
    expect(proveInitData(`${SAID}&hash=${HASH}`, other, at())).toEqual({ outcome: 'forged' });
  });

  it.each([
    [10 * MINUTE_MS, 'proved'],
    [10 * MINUTE_MS + 1, 'stale'],
    [-5 * MINUTE_MS, 'proved'],
    [-5 * MINUTE_MS - 1, 'stale'],
  ])('%i ms after it was made is %s', (shiftMs, outcome) => {
    expect(prove(`${SAID}&hash=${HASH}`, at(shiftMs)).outcome).toBe(outcome);
  });

  it('is believed by the production key of Telegram, as its public vector says', () => {
    // Of the tma.js project, whose bot has this number; its token is not public.
    const raw =
      'user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2F4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151&chat_type=private&auth_date=1733584787&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ';
    const bot = { botToken: new Secret('7342037359:not-its-token') };
    const when = new Date(1_733_584_787_000);
    const proof = proveInitData(raw, bot, when);
    expect(proof).toMatchObject({ outcome: 'proved', user: { id: 279_058_397n } });
    const other = { botToken: new Secret('7342037358:not-its-token') };
    expect(proveInitData(raw, other, when)).toEqual({ outcome: 'forged' });
  });

  it('is believed by the key of Telegram alone, as before a change of the token', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const said = `auth_date=1767225600&user=%7B%22id%22%3A42%7D`;
    const text = `123456789:WebAppData\nauth_date=1767225600\nuser={"id":42}`;
    const signature = sign(null, Buffer.from(text), privateKey).toString('base64url');
    const raw = `${said}&signature=${signature}&hash=${'0'.repeat(64)}`;
    const changed = { botToken: new Secret('123456789:ANOTHER_TOKEN'), publicKey };
    const proof = proveInitData(raw, changed, at());
    expect(proof).toMatchObject({ outcome: 'proved', user: { id: 42n } });
    // What is not signed may be changed, and it is the same word all the same: it counts once.
    const again = proveInitData(raw.replace(/0{64}/, 'f'.repeat(64)), changed, at());
    expect(again).toEqual(proof);
    for (const forged of [raw.replace('%3A42', '%3A43'), raw.replace('&signature=', '&other=')]) {
      expect(proveInitData(forged, changed, at())).toEqual({ outcome: 'forged' });
    }
    const otherBot = { ...changed, botToken: new Secret('123456780:ANOTHER_TOKEN') };
    expect(proveInitData(raw, otherBot, at())).toEqual({ outcome: 'forged' });
  });
});

describe('what the login on the web comes back with', () => {
  const fields = {
    ...{ id: '42', first_name: 'Olga', username: 'olga', auth_date: '1767225600' },
    hash: '242448d703b4e2925218fced3c7cc51313c838a76b7d264c8e4b745a926e465a',
  };
  const prove = (given: Record<string, string>, when = at()) => proveLogin(given, keys, when);

  it('is believed as the vector of the specification says', () => {
    expect(prove(fields)).toMatchObject({
      outcome: 'proved',
      user: { id: 42n, firstName: 'Olga', username: 'olga' },
    });
  });

  it('is not believed when a field is another, new, or gone', () => {
    const { username: _gone, ...less } = fields;
    for (const given of [{ ...fields, id: '43' }, { ...fields, photo_url: 'x' }, less]) {
      expect(prove(given)).toEqual({ outcome: 'forged' });
    }
  });

  it('is another proof than that of a Mini App: neither passes for the other', () => {
    const { hash: _hash, ...rest } = fields;
    const text = Object.entries(rest)
      .map(([name, value]) => `${name}=${value}`)
      .toSorted()
      .join('\n');
    const appSecret = createHmac('sha256', 'WebAppData').update(TOKEN).digest();
    const asApp = createHmac('sha256', appSecret).update(text).digest('hex');
    expect(prove({ ...rest, hash: asApp })).toEqual({ outcome: 'forged' });
    const said = 'auth_date=1767225600\nuser={"id":42}';
    const widgetSecret = createHash('sha256').update(TOKEN).digest();
    const asWidget = createHmac('sha256', widgetSecret).update(said).digest('hex');
    const raw = `auth_date=1767225600&user=%7B%22id%22%3A42%7D&hash=${asWidget}`;
    expect(proveInitData(raw, keys, at())).toEqual({ outcome: 'forged' });
  });

  it('turns stale after ten minutes', () => {
    expect(prove(fields, at(11 * MINUTE_MS))).toEqual({ outcome: 'stale' });
  });
});
