/** EK1xxx: what is wrong with the files of a revision, before anybody reads a manifest. */
export const FILE_CODES = {
  EK1001: 'The file is not YAML.',
  EK1002: 'The file is larger than a manifest may be.',
  EK1003: 'The path is a symbolic link or a submodule, which the desired state may not contain.',
  EK1004: 'The file is not UTF-8 text.',
  EK1005: 'The YAML expands aliases beyond measure.',
  EK1006: 'The desired state holds too many files, or too many bytes.',
  EK1007: 'The folder, repository or revision cannot be read.',
  EK1008: 'The YAML nests too deeply.',
  EK1009: 'Two paths differ in upper and lower case only.',
  EK1010: 'The path cannot be held by every file system, or leads out of its folder.',
  EK1011: 'Folders nest too deeply.',
  EK1012: 'The path is neither a file nor a folder.',
  EK1013: 'The file is larger than any file of the desired state may be.',
  EK1014: 'The file holds more mistakes than are shown.',
} as const;
