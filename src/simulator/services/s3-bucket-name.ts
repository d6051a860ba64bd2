const LETTERS = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Hyphens beside periods would end a label of the bucket's host name. */
const NEIGHBOURS = /\.\.|\.-|-\./;
const IP_ADDRESS = /^\d+\.\d+\.\d+\.\d+$/;
const RESERVED_BEGINNING = /^(?:xn--|sthree-|amzn-s3-demo-)/;
const RESERVED_END = /(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;

/** Whether S3 gives a general purpose bucket that name. */
export function isBucketName(name: string): boolean {
  return (
    LETTERS.test(name) &&
    !NEIGHBOURS.test(name) &&
    !IP_ADDRESS.test(name) &&
    !RESERVED_BEGINNING.test(name) &&
    !RESERVED_END.test(name)
  );
}
