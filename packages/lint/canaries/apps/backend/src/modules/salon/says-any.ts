// flagged: @typescript-eslint/no-explicit-any
export type Anything = any;
