/** EK1xxx: what is wrong with the files of a revision, before anybody reads a manifest. */
export const FILE_CODES = {
  EK1001: 'The file is not YAML.',
  EK1002: 'The file is larger than a manifest may be.',
  EK1003: 'The path is a symbolic link or a submodule, which the desired state may not contain.',
  EK1004: 'The file is not UTF-8 text.',
  EK1005: 'The YAML expands aliases beyond measure.',
  EK1006: 'The desired state holds too many files, or too many bytes.',
  EK1007: 'The folder, repository or revision cannot be read.',
} as const;
