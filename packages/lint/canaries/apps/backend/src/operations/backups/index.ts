// clean
export const backups = 'backups';
