import { type Decimal, divideUp, readDecimal } from './decimal.ts';
import { refuse } from './refusal.ts';

/** A coin the simulated app takes; `usd` is its fixed price, so that drills can count. */
type Coin = Readonly<{ name: string; decimals: number; usd: string; isStable: boolean }>;

export const COINS = {
  USDT: { name: 'Tether', decimals: 6, usd: '1', isStable: true },
  USDC: { name: 'USD Coin', decimals: 6, usd: '1', isStable: true },
  TON: { name: 'Toncoin', decimals: 9, usd: '2.5', isStable: false },
  BTC: { name: 'Bitcoin', decimals: 8, usd: '90000', isStable: false },
  ETH: { name: 'Ethereum', decimals: 18, usd: '3000', isStable: false },
  LTC: { name: 'Litecoin', decimals: 8, usd: '80', isStable: false },
  BNB: { name: 'Binance Coin', decimals: 18, usd: '900', isStable: false },
  TRX: { name: 'Tron', decimals: 6, usd: '0.25', isStable: false },
} as const satisfies Record<string, Coin>;
export type CoinCode = keyof typeof COINS;
export const COIN_CODES = Object.keys(COINS) as CoinCode[]; // the keys of the table above

/** How much of a fiat currency one dollar costs. The vendor has twenty; a shop of ours asks three. */
const FIATS = { USD: '1', EUR: '0.86', RUB: '80' } as const;
export type FiatCode = keyof typeof FIATS;
export const FIAT_CODES = Object.keys(FIATS) as FiatCode[]; // the keys of the table above

export function readCoin(text: string, fault: string): CoinCode {
  return COIN_CODES.find((code) => code === text) ?? refuse(fault);
}

export function readFiat(text: string, fault: string): FiatCode {
  return FIAT_CODES.find((code) => code === text) ?? refuse(fault);
}

const exact = (text: string): Decimal => {
  const value = readDecimal(text);
  if (value === undefined) throw new Error(`not a decimal: ${text}`);
  return value;
};

/** The price of one coin in a fiat currency. */
export const rateOf = (coin: CoinCode, fiat: FiatCode): Decimal =>
  (exact(COINS[coin].usd) * exact(FIATS[fiat])) / exact('1');

/** How much of the coin pays a bill in fiat, rounded up to what the coin can carry. */
export const toCoin = (amount: Decimal, fiat: FiatCode, coin: CoinCode): Decimal =>
  divideUp(amount, rateOf(coin, fiat), COINS[coin].decimals);

/** `getCurrencies`: coins and fiat currencies in one list. */
export function currencyList(): unknown[] {
  const coins = COIN_CODES.map((code) => ({
    is_blockchain: true,
    is_stablecoin: COINS[code].isStable,
    is_fiat: false,
    name: COINS[code].name,
    code,
    decimals: COINS[code].decimals,
  }));
  const fiats = FIAT_CODES.map((code) => ({
    is_blockchain: false,
    is_stablecoin: false,
    is_fiat: true,
    name: code,
    code,
    decimals: 2,
  }));
  return [...coins, ...fiats];
}
