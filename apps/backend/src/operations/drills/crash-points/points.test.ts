import { describe, expect, it } from 'vitest';
import { createCrashPoints } from './points.ts';
import { tablesIn } from './sentence.ts';

class Ended extends Error {}

function points() {
  return createCrashPoints(() => {
    throw new Ended();
  });
}

describe('crash points', () => {
  it('end at the chosen time a name is passed, and nowhere else', () => {
    const { pass, begin } = points();
    begin('before the commit of payment #2');
    pass('before the commit of payment');
    pass('before the commit of message');
    expect(() => {
      pass('before the commit of payment');
    }).toThrow(Ended);
  });

  it('are counted anew, and nothing ends when none is chosen', () => {
    const counted = points();
    counted.begin('a #1');
    counted.begin(undefined);
    counted.pass('a');
    counted.pass('b');
    counted.pass('a');
    expect(counted.passed).toEqual(['a #1', 'b #1', 'a #2']);
  });
});

describe('the tables of a statement', () => {
  it('are those it writes to, and functions it calls, each once', () => {
    expect(
      tablesIn(`with old as (delete from "graphile_worker"._private_jobs where id = 1)
        insert into payment_notice as n (id) values (1) on conflict (id) do update set id = 2`),
    ).toEqual(['graphile_worker._private_jobs', 'payment_notice']);
    expect(tablesIn('select quiet.add_jobs_v1($1::json)')).toEqual(['quiet.add_jobs_v1']);
    expect(tablesIn('select id from payment where id = $1 for update skip locked')).toEqual([]);
    expect(tablesIn('update payment set state = $1 where id = $2')).toEqual(['payment']);
  });
});
