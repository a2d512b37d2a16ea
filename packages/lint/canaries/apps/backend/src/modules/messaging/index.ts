// clean
export const noun = 'messaging';
