const TO_AWS =
  'nothing here keeps anything at AWS; it is for the AWS CLI or Terraform beside Opora';
const TO_KUBERNETES = 'Opora never calls a cluster; it is for kubectl or Helm beside Opora';

/** Names that operators know and nothing of Opora reads (L1): no fault on a host that sets them for others. */
export const UNUSED_KEYS: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: TO_AWS,
  AWS_SECRET_ACCESS_KEY: TO_AWS,
  KUBE_CONFIG: TO_KUBERNETES,
};
