import type { Speech } from '../speech.ts';
import { menuRow, type Button, type View } from '../view.ts';

export type Guide = Readonly<{
  platform: string;
  name: string;
  app: string;
  installUrl: string;
}>;

/** Telegram's limit of what a button copies. */
const COPY_MAX = 256;
const COLUMNS = 2;

export function chooseDeviceView(speech: Speech, guides: readonly Guide[]): View {
  const buttons = guides.map(({ platform, name }): Button => ({
    label: name,
    action: { type: 'guide', id: platform },
  }));
  const rows = [];
  for (let at = 0; at < buttons.length; at += COLUMNS) rows.push(buttons.slice(at, at + COLUMNS));
  return { html: speech.html('connect.choose'), rows: [...rows, menuRow(speech)] };
}

/**
 * Three steps. Telegram opens https links only, so "Add" leads to the subscription's own page,
 * which knows how to open the app; the link is there to copy as well.
 */
export function guideView(speech: Speech, facts: { guide: Guide; link: string }): View {
  const { guide, link } = facts;
  const open: Button[] = [
    { label: speech.label('install'), url: guide.installUrl, style: 'primary' },
  ];
  if (/^https?:\/\//.test(link)) open.push({ label: speech.label('add'), url: link });
  const copy: Button[][] =
    link.length <= COPY_MAX ? [[{ label: speech.label('copyLink'), copy: link }]] : [];
  return {
    html: speech.html('connect', {
      platform: { text: guide.name },
      app: { text: guide.app },
      link: { text: link },
    }),
    rows: [
      open,
      ...copy,
      [{ label: speech.label('otherDevice'), action: { type: 'connect' } }],
      menuRow(speech),
    ],
  };
}
