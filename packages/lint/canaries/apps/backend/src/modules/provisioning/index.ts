// clean
export const noun = 'provisioning';
