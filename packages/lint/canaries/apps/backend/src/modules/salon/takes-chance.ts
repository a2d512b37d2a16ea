// flagged: house/no-ambient-chance
export const share = Math.random();
