// clean
export const scale = 2;
