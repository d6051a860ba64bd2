const AWS_HOST =
  /^(?:(.+)\.)?s3(?:-fips)?(?:\.dualstack)?(?:[.-]([a-z0-9-]+))?\.(?:amazonaws\.(?:com|com\.cn|eu)|c2s\.ic\.gov|sc2s\.sgov\.gov)$/;
const LOOPBACK_HOST = /^(.+)\.localhost$/;

export type S3Address = { readonly bucket: string | undefined; readonly path: string };

/** Which bucket a request is for, and the path inside it, still percent-encoded; virtual-host style and path style. */
export function s3Address(request: { readonly hostname: string; readonly path: string }): S3Address {
  const host = request.hostname.toLowerCase();
  const bucket = AWS_HOST.exec(host)?.[1] ?? LOOPBACK_HOST.exec(host)?.[1];
  const path = request.path === '' ? '/' : request.path;
  if (bucket !== undefined) return { bucket, path };
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(path) ?? [];
  return first === '' ? { bucket: undefined, path: '/' } : { bucket: first, path: rest === '' ? '/' : rest };
}

export function isS3Host(hostname: string): boolean {
  return AWS_HOST.test(hostname.toLowerCase());
}
