// flagged: no-restricted-syntax
export function join(a: string, b: string, c: string, d: string): string {
  return a + b + c + d;
}
