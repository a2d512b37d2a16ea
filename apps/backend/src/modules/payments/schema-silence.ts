import { defineEntity, p } from '@mikro-orm/postgresql';

/** A spell in which the notices of a provider did not come while payments were being made. */
export const ProviderSilence = defineEntity({
  name: 'ProviderSilence',
  tableName: 'provider_silence',
  properties: {
    id: p.text().primary(),
    provider: p.text(),
    since: p.datetime(6),
    /** When a notice came again; null while it lasts. */
    until: p.datetime(6).nullable(),
  },
  // What makes staff be told once, however many workers watch.
  uniques: [{ name: 'provider_silence_one_key', properties: ['provider'], where: 'until is null' }],
});
