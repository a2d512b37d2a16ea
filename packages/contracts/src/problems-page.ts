import { PROBLEMS, problemStatus, type ProblemCode } from './problems.ts';

/** The reference page of problems as Markdown; `vitest run packages/contracts -u` writes it. */
export function problemsPage(): string {
  const codes = Object.keys(PROBLEMS).toSorted() as ProblemCode[]; // its own keys
  const rows = codes.map((code) => {
    const { title, check } = PROBLEMS[code];
    return `| \`${code}\` | ${String(problemStatus(code))} | ${title.en} | ${check} |`;
  });
  return [
    '# Problems',
    '',
    'Every refusal is `application/problem+json` (RFC 9457): `type` is `urn:opora:problem:<code>`,',
    '`instance` is `urn:opora:request:<id>` with the id of the `X-Request-Id` header, under which the',
    'log has the rest. This page is generated from `packages/contracts/src/problems.ts`.',
    '',
    '| code | status | means | what to check |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
