// clean
export const catalog = 'catalog';
