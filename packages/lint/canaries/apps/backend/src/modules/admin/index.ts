// clean
export const admin = 'admin';
