import { defineEntity, p } from '@mikro-orm/postgresql';

/**
 * Days given to everybody while payments do not work, and how far that is. Whom it reached say the
 * grants, each with this act's id and the subscription's; `cursor` only saves looking twice.
 */
export const MassExtensionRow = defineEntity({
  name: 'MassExtensionRow',
  tableName: 'mass_extension',
  properties: {
    id: p.text().primary(),
    days: p.integer(),
    /** Terms that ended after it count as running. */
    since: p.datetime(6),
    state: p.text(),
    cursor: p.text().default(''),
    /** Whom it meant when it began. */
    meant: p.integer(),
    given: p.integer().default(0),
    taken: p.integer().default(0),
    reason: p.text(),
    startedByName: p.text(),
    startedAt: p.datetime(6),
    finishedAt: p.datetime(6).nullable(),
    actId: p.text(),
    undoActId: p.text().nullable(),
    undoneByName: p.text().nullable(),
  },
  uniques: [{ name: 'mass_extension_act_key', properties: ['actId'] }],
  indexes: [
    {
      name: 'mass_extension_one_key',
      expression:
        'create unique index "mass_extension_one_key" on "mass_extension" ((true)) where "state" in (\'giving\', \'taking\')',
    },
    { name: 'mass_extension_started_idx', properties: ['startedAt'] },
  ],
  checks: [
    {
      name: 'mass_extension_state_check',
      expression:
        "days > 0 and state in ('giving', 'given', 'taking', 'taken') and (state in ('taking', 'taken')) = (undo_act_id is not null)",
    },
  ],
});
