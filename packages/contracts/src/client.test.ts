import { describe, expect, it } from 'vitest';
import { API } from './api/index.ts';
import { ApiProblem, ApiUnreachable, createApiClient } from './client.ts';

function clientOver(status: number, body: unknown) {
  const sent: { url: string; init: RequestInit }[] = [];
  const api = createApiClient({
    base: 'https://api.example.com',
    fetch: (input, init = {}) => {
      sent.push({ url: input instanceof Request ? input.url : String(input), init });
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    },
    headers: () => ({ cookie: 'at-5000=token' }),
  });
  return { api, sent };
}

describe('the typed client', () => {
  it('puts the parts of a call where the endpoint has them, and parses the answer', async () => {
    const { example } = API.payments.read;
    const { api, sent } = clientOver(200, example.answer);
    const answer = await api(API.payments.read, { params: { paymentId: 'pay_a/b' } });
    expect(answer.payment.id).toBe(example.answer.payment.id);
    expect(sent[0]?.url).toBe('https://api.example.com/api/v1/admin/payments/pay_a%2Fb');
    expect(sent[0]?.init.headers).toMatchObject({ cookie: 'at-5000=token' });
  });

  it('leaves empty filters out of the address, and needs nothing where nothing is needed', async () => {
    const { api, sent } = clientOver(200, API.payments.list.example.answer);
    await api(API.payments.list, { query: { state: 'settled', provider: '' } });
    expect(sent[0]?.url).toBe('https://api.example.com/api/v1/admin/payments?state=settled');
    await clientOver(200, API.today.read.example.answer).api(API.today.read);
  });

  it('throws the problem it was answered, whole', async () => {
    const problem = {
      type: 'urn:opora:problem:payments.not_found',
      title: 'Payment not found',
      status: 404,
      code: 'payments.not_found',
      instance: 'urn:opora:request:req_1',
    };
    const { api } = clientOver(404, problem);
    const call = api(API.payments.read, { params: { paymentId: 'pay_1' } });
    await expect(call).rejects.toThrow(ApiProblem);
    await expect(call).rejects.toMatchObject({ problem });
  });

  it.each([
    [200, { payment: 1 }, 'an answer of another shape'],
    [502, '<html>', 'a refusal that is not ours'],
  ])('calls %i %j unreachable: %s', async (status, body, _why) => {
    const { api } = clientOver(status, body);
    const call = api(API.payments.read, { params: { paymentId: 'pay_1' } });
    await expect(call).rejects.toThrow(ApiUnreachable);
  });
});
