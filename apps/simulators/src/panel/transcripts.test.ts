import { afterEach, describe, expect, it } from 'vitest';
import { differences } from './testing/likeness.ts';
import { openPanel, TOKEN, type Answered, type TestPanel } from './testing/panel.ts';
import { customer, defaultSquad, SCENES, type Words } from './testing/scenes.ts';
import { SECOND_SCENES, SECOND_WEBHOOK_SCENES, secondCustomer } from './testing/second-scenes.ts';
import { WEBHOOK_SCENES } from './testing/webhook-scenes.ts';
import { TRANSCRIPTS, type Exchange } from './testing/transcripts.ts';
import { signWebhook } from './webhooks.ts';

/** Recorded exchanges that are not replayed, with the reason. There are none. */
const LEFT_OUT: Readonly<Record<string, string>> = {};
/** Headers that only describe the bytes of one answer. */
const INCIDENTAL_HEADERS = ['etag', 'content-length'];
/** The squad every recorded panel was born with; ours has another uuid. */
const RECORDED_SQUADS = [customer, secondCustomer].flatMap(({ activeInternalSquads }) =>
  activeInternalSquads.map(({ uuid }) => uuid),
);
const SECRET = TRANSCRIPTS.webhooks.secret;

let panel: TestPanel | undefined;
afterEach(async () => {
  await panel?.close();
  panel = undefined;
});

const GENERATIONS = [
  { version: '3.3.2', exchanges: TRANSCRIPTS.panel_3_3_2, many: 58, scenes: SCENES },
  { version: '2.8.1', exchanges: TRANSCRIPTS.panel_2_8_1, many: 16, scenes: SECOND_SCENES },
] as const;

describe.each(GENERATIONS)(
  'every recorded exchange of a real $version panel',
  ({ version, exchanges, many, scenes }) => {
    it('is replayed, none is left out', () => {
      const names = exchanges.map((each) => each.name);
      expect(Object.keys(LEFT_OUT)).toEqual([]);
      expect(names).toHaveLength(many);
      expect(Object.keys(scenes).sort()).toEqual([...names].sort());
    });

    it.each(exchanges.map((each) => [each.name, each] as const))(
      '%s is answered as the real panel answered',
      async (name, exchange) => {
        panel = await openPanel({ at: exchange.observedAt });
        // The recorded panel had no hosts, and nobody listened to most of its webhooks.
        await panel.control('PUT', 'settings', { hosts: [], webhookUrl: '', version });
        const words = await scenes[name]?.(panel);
        const answer = await replay(panel, exchange, words ?? {});
        expect(compare(exchange.response, answer)).toEqual([]);
      },
    );
  },
);

async function replay(panel: TestPanel, { request }: Exchange, words: Words): Promise<Answered> {
  const ownSquad = await defaultSquadUnlessRefused(panel);
  const known: Words = {
    ...words,
    '<api-token>': TOKEN,
    ...Object.fromEntries(RECORDED_SQUADS.map((squad) => [squad, ownSquad])),
  };
  const translate = (text: string): string =>
    Object.entries(known).reduce((done, [from, to]) => done.replaceAll(from, to), text);
  const headers = Object.entries(request.headers)
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]) => [name, translate(String(value))]);
  const body =
    request.body === null || typeof request.body === 'string'
      ? (request.body ?? undefined)
      : translate(JSON.stringify(request.body));
  const path = `/remnawave${request.path}`;
  return panel.call(request.method, path, body, Object.fromEntries(headers));
}

/** With the token deleted there is no asking, and no need. */
async function defaultSquadUnlessRefused(panel: TestPanel): Promise<string> {
  return panel
    .control('GET', 'settings')
    .then(({ text }) => (text.includes('"tokenDeleted":true') ? '' : defaultSquad(panel)));
}

function compare(real: Exchange['response'], got: Answered): string[] {
  if (real.connection !== undefined) return differences(0, got.status, 'status');
  const headers = Object.entries(real.headers ?? {}).filter(
    ([name, value]) => value === '0' || !INCIDENTAL_HEADERS.includes(name),
  );
  const gotHeaders = Object.fromEntries(headers.map(([name]) => [name, got.headers[name]]));
  return [
    ...differences(real.status, got.status, 'status'),
    ...differences(Object.fromEntries(headers), gotHeaders, 'headers'),
    ...(real.bodyText === undefined
      ? differences(real.body, got.body, 'body')
      : differences(real.bodyText, got.text, 'body')),
  ];
}

const WEBHOOKS = [
  {
    version: '3.3.2',
    recordings: TRANSCRIPTS.webhooks.panel_3_3_2,
    many: 16,
    scenes: WEBHOOK_SCENES,
  },
  {
    version: '2.8.1',
    recordings: TRANSCRIPTS.webhooks.panel_2_8_1,
    many: 3,
    scenes: SECOND_WEBHOOK_SCENES,
  },
] as const;

describe.each(WEBHOOKS)(
  'every recorded webhook of a real $version panel',
  ({ version, recordings, many, scenes }) => {
    it('has a scene', () => {
      const events = recordings.map((each) => each.event);
      expect(events).toHaveLength(many);
      expect(Object.keys(scenes).sort()).toEqual([...events].sort());
    });

    it.each(recordings.map((each) => [each.event, each] as const))(
      '%s is sent as the real panel sent it',
      async (event, recorded) => {
        const before = new Date(Date.parse(recorded.receivedAt) - 500).toISOString();
        panel = await openPanel({ at: before, secret: SECRET });
        await panel.control('PUT', 'settings', { version });
        await scenes[event]?.before(panel);
        if (event === 'user.created') await panel.event('user.deleted');
        await scenes[event]?.act(panel);
        const got = await panel.event(event, event === 'user.created' ? 2 : 1);
        const headers = new Map(pairs(got.headers));
        const real = new Map(recorded.headers.map(([name, value]) => [name.toLowerCase(), value]));
        const body = JSON.parse(got.body) as { timestamp: string }; // every webhook has one
        expect(differences(JSON.parse(recorded.rawBody), body)).toEqual([]);
        expect([...headers.keys()].sort()).toEqual([...real.keys()].sort());
        for (const name of ['accept', 'content-type', 'user-agent', 'accept-encoding']) {
          expect(headers.get(name)).toBe(real.get(name));
        }
        expect(headers.get('x-remnawave-signature')).toBe(signWebhook(got.body, SECRET));
        expect(headers.get('x-remnawave-timestamp')).toBe(body.timestamp);
      },
    );
  },
);

describe('a recorded webhook', () => {
  it('is signed as our signing signs', () => {
    const { panel_3_3_2: new3, panel_2_8_1: old2 } = TRANSCRIPTS.webhooks;
    for (const { headers, rawBody } of [...new3, ...old2]) {
      const signature = new Map(headers).get('X-Remnawave-Signature');
      expect(signWebhook(rawBody, SECRET)).toBe(signature);
    }
  });

  it('is repeated 5 s apart with the same body and signature while we answer 500', async () => {
    const { receivedAt } = TRANSCRIPTS.webhooks.retryExample;
    panel = await openPanel({ at: receivedAt[0] ?? '', secret: SECRET });
    panel.answers.push(500, 500);
    const first = await panel.event('service.panel_started', 1);
    const second = await panel.event('service.panel_started', 2);
    const third = await panel.event('service.panel_started', 3);
    const gap = (a: { at: string }, b: { at: string }): number =>
      Math.round((Date.parse(b.at) - Date.parse(a.at)) / 1_000);
    expect([gap(first, second), gap(second, third)]).toEqual([5, 5]);
    expect([second.body, third.body]).toEqual([first.body, first.body]);
    expect(third.headers).toEqual(first.headers);
  });
});

const pairs = (raw: readonly string[]): [string, string][] =>
  raw.flatMap(
    (name, at) =>
      at % 2 === 0 ? [[name.toLowerCase(), raw[at + 1] ?? ''] as [string, string]] : [], // even: names
  );
