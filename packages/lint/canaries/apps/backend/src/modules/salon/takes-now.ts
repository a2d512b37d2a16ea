// flagged: house/no-ambient-time
export const at = Date.now();
