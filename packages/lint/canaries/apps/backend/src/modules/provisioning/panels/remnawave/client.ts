// clean
export const client = 'client';
