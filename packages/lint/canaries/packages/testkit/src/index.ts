// clean
export const clock = 'manual';
