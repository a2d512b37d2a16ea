// clean
export const payments = 'payments';
