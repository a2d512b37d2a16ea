import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/**
 * Money that staff entered from a document: what came (`in`) and what was given back (`back`). One
 * document counts once; a refusal frees it.
 */
export const HandPaymentRow = defineEntity({
  name: 'HandPaymentRow',
  tableName: 'hand_payment',
  properties: {
    id: p.text().primary(),
    direction: p.text(),
    orderId: p.text(),
    personId: p.text(),
    amountMinor: p.bigint('bigint'),
    currency: p.text(),
    documentKind: p.text(),
    documentNumber: p.text(),
    reason: p.text(),
    /** `waiting`: above the limit, for a second member of staff. */
    state: p.text(),
    enteredBy: p.text(),
    enteredByName: p.text(),
    enteredAt: p.datetime(6),
    /** Nobody may confirm it any more. */
    expiresAt: p.datetime(6),
    decidedBy: p.text().nullable(),
    decidedByName: p.text().nullable(),
    decidedAt: p.datetime(6).nullable(),
    paymentId: p.text().nullable(),
    /** The audit entry of the act that entered it. */
    actId: p.text(),
  },
  uniques: [{ name: 'hand_payment_act_key', properties: ['actId'] }],
  indexes: [
    {
      name: 'hand_payment_document_key',
      expression:
        'create unique index "hand_payment_document_key" on "hand_payment" ("document_kind", "document_number") where "state" in (\'waiting\', \'settled\')',
    },
    { name: 'hand_payment_entered_idx', properties: ['enteredAt', 'id'] },
    { name: 'hand_payment_waiting_idx', properties: ['enteredAt'], where: "state = 'waiting'" },
  ],
  checks: [
    {
      name: 'hand_payment_state_check',
      expression:
        "amount_minor > 0 and direction in ('in', 'back') and state in ('waiting', 'settled', 'rejected', 'expired') and (state = 'settled') = (payment_id is not null)",
    },
  ],
});

export type HandTables = InferKyselyDB<typeof HandPaymentRow, TableNames>;
