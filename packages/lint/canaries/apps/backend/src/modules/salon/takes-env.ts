// flagged: house/no-ambient-env
export const home = process.env['HOME'];
