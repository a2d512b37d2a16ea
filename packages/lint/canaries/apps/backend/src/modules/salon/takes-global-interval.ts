// flagged: house/no-ambient-time
export const tick = (then: () => void): unknown => globalThis.setInterval(then, 10);
