// flagged: house/no-ambient-time
export const wait = (then: () => void): unknown => setTimeout(then, 10);
