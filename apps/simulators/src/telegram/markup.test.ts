import { describe, expect, it } from 'vitest';
import { toHtml } from './draw.ts';
import { parseHtml, withFound } from './markup.ts';

describe('HTML of a message', () => {
  it('becomes text and entities counted in UTF-16 units', () => {
    expect(
      parseHtml('😀 <b>Оплата</b> &lt;1&gt; <a href="https://a.example/?x=1&amp;y=2">тут</a>'),
    ).toEqual({
      text: '😀 Оплата <1> тут',
      entities: [
        { type: 'bold', offset: 3, length: 6 },
        { type: 'text_link', offset: 14, length: 3, url: 'https://a.example/?x=1&y=2' },
      ],
    });
  });

  it('puts the outer of two nested entities first and joins pre with its language', () => {
    const { entities } = parseHtml(
      '<blockquote><b>a</b><tg-spoiler>b</tg-spoiler></blockquote><pre><code class="language-ts">x</code></pre>',
    );
    expect(entities).toEqual([
      { type: 'blockquote', offset: 0, length: 2 },
      { type: 'bold', offset: 0, length: 1 },
      { type: 'spoiler', offset: 1, length: 1 },
      { type: 'pre', language: 'ts', offset: 2, length: 1 },
    ]);
  });

  it('cuts white space at the ends and moves entities along', () => {
    expect(parseHtml('\n  <b> да </b> \n')).toEqual({
      text: 'да',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    });
  });

  it('comes back the same from its entities', () => {
    const source =
      '<blockquote><b>a &lt; <i>b</i></b> c</blockquote><a href="https://a.example/?x=1&amp;y">d</a><pre><code class="language-ts">e</code></pre>';
    const { text, entities } = parseHtml(source);
    expect(toHtml(text, entities)).toBe(source);
  });

  it('leaves a dangerous or broken address as plain text', () => {
    expect(parseHtml('<a href="javascript:alert(1)">x</a>')).toEqual({ text: 'x', entities: [] });
  });

  it.each([
    ['да <h1>x</h1>', 'Unsupported start tag "h1" at byte offset 5'],
    ['<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['1 < 2', 'Unsupported start tag at byte offset 2'],
  ])('refuses %s in the words of the API', (source, why) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${why}`);
  });
});

describe('what Telegram finds by itself', () => {
  it('marks commands and addresses, but not inside code', () => {
    const { entities } = withFound(
      parseHtml(
        '<b>Правила /terms</b>, https://a.example/x. <code>/no https://b.example</code> a/b',
      ),
    );
    expect(entities.map(({ type, offset, length }) => [type, offset, length])).toEqual([
      ['bold', 0, 14],
      ['bot_command', 8, 6],
      ['url', 16, 19],
      ['code', 37, 21],
    ]);
  });
});
