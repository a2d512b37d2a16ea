// clean
export const sign = 'sign';
