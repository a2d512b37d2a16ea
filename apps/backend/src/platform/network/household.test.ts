import { describe, expect, it } from 'vitest';
import { networkOf } from './household.ts';

describe('the network of a caller', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:0DB8:1:2::7', '2001:db8:1:2'],
    ['2001:db8::7', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
  ])('of %s is %s, so no /64 is a crowd (A6)', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
