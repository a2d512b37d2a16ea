import type { Speech } from '../speech.ts';
import { menuRow, type View } from '../view.ts';

/** One button in, good once and for minutes; it is only shown to the person it lets in. */
export function accountView(speech: Speech, url: string): View {
  return {
    html: speech.html('account'),
    rows: [[{ label: speech.label('openAccount'), url, style: 'primary' }], menuRow(speech)],
  };
}

/** Without an address that Telegram takes, everything can be done here. */
export function noSiteView(speech: Speech): View {
  return {
    html: speech.html('account.none'),
    rows: [
      [
        {
          label: speech.label('mySubscription'),
          action: { type: 'subscription' },
          style: 'primary',
        },
      ],
      menuRow(speech),
    ],
  };
}
