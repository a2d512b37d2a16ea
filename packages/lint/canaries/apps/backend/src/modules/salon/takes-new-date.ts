// flagged: house/no-ambient-time
export const at = new Date();
