// clean
export const ledger = 'ledger';
