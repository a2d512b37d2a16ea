// clean
/** Where time comes from. */
export const now = (): Date => new Date();
