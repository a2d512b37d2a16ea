// clean
export const table = 'chat';
