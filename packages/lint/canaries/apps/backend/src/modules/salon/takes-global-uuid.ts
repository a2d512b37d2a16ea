// flagged: house/no-ambient-chance
export const id = crypto.randomUUID();
