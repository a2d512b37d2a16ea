import type { Invoice } from './invoice.ts';

/** Where a buyer opens a bill. */
export type CheckoutUrl = (id: string) => string;

/** An invoice as the API and the notice show it. Absent facts are left out by JSON. */
export function presentInvoice(
  invoice: Invoice,
  checkoutUrl: CheckoutUrl,
): Record<string, unknown> {
  const url = checkoutUrl(invoice.id);
  return {
    invoice_id: Number(invoice.id),
    hash: invoice.hash,
    ...priceFields(invoice),
    ...paidFields(invoice),
    pay_url: url,
    bot_invoice_url: url,
    mini_app_invoice_url: url,
    web_app_invoice_url: url,
    description: invoice.description,
    status: invoice.status,
    created_at: invoice.createdAt,
    expiration_date: invoice.deadlineAt,
    allow_comments: invoice.allowComments,
    allow_anonymous: invoice.allowAnonymous,
    hidden_message: invoice.status === 'paid' ? invoice.hiddenMessage : undefined,
    payload: invoice.payload,
    paid_btn_name: invoice.button?.name,
    paid_btn_url: invoice.button?.url,
  };
}

function priceFields({ price }: Invoice): Record<string, unknown> {
  return price.kind === 'crypto'
    ? { currency_type: 'crypto', asset: price.asset, amount: price.amount }
    : {
        currency_type: 'fiat',
        fiat: price.fiat,
        amount: price.amount,
        accepted_assets: price.accepted,
      };
}

function paidFields({ paid, allowAnonymous }: Invoice): Record<string, unknown> {
  if (paid === undefined) return {};
  return {
    paid_at: paid.at,
    paid_asset: paid.asset,
    paid_amount: paid.amount,
    paid_fiat_rate: paid.fiatRate,
    paid_usd_rate: paid.usdRate,
    usd_rate: paid.usdRate,
    fee_asset: paid.asset,
    // The vendor gives the same fee once as a number and once as text.
    fee_amount: Number(paid.fee),
    fee: paid.fee,
    paid_anonymously: allowAnonymous,
  };
}
