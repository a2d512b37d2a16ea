// clean
export const post = 'post';
