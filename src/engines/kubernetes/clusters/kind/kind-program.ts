import type {PinnedProgram, ProgramOptions} from '../../tools/local-program.js'

const kindRelease = 'https://github.com/kubernetes-sigs/kind/releases/download/v0.30.0'

/** Digests from the `.sha256sum` files of the release. */
export const pinnedKind: PinnedProgram = {
  version: '0.30.0',
  files: {
    'linux-x64': {
      url: `${kindRelease}/kind-linux-amd64`,
      sha256: '517ab7fc89ddeed5fa65abf71530d90648d9638ef0c4cde22c2c11f8097b8889',
    },
    'linux-arm64': {
      url: `${kindRelease}/kind-linux-arm64`,
      sha256: '7ea2de9d2d190022ed4a8a4e3ac0636c8a455e460b9a13ccf19f15d07f4f00eb',
    },
    'darwin-x64': {
      url: `${kindRelease}/kind-darwin-amd64`,
      sha256: '4f0b6e3b88bdc66d922c08469f05ef507d4903dd236e6319199bb9c868eed274',
    },
    'darwin-arm64': {
      url: `${kindRelease}/kind-darwin-arm64`,
      sha256: 'ceaf40df1d1551c481fb50e3deb5c3deecad5fd599df5469626b70ddf52a1518',
    },
  },
}

export const kindWanted: ProgramOptions = {
  name: 'kind',
  oldest: [0, 27],
  pinned: pinnedKind,
  install: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation   # brew, choco, or one file',
}
