// clean
export const product = 'sample';
