/** A release of a program, as its makers publish it, by `PLATFORM-ARCHITECTURE` as Node names them. */
export interface PinnedProgram {
  readonly version: string
  readonly files: Readonly<Record<string, PinnedFile>>
}

export interface PinnedFile {
  readonly url: string
  readonly sha256: string
  /** The program inside a gzipped tar. */
  readonly member?: string
}

const kindRelease = 'https://github.com/kubernetes-sigs/kind/releases/download/v0.30.0'
const helmRelease = 'https://get.helm.sh/helm-v3.19.4'

/** Sums from the `.sha256sum` files of the release. */
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

/** Sums from the `.sha256sum` files of the release. */
export const pinnedHelm: PinnedProgram = {
  version: '3.19.4',
  files: {
    'linux-x64': {
      url: `${helmRelease}-linux-amd64.tar.gz`,
      sha256: '759c656fbd9c11e6a47784ecbeac6ad1eb16a9e76d202e51163ab78504848862',
      member: 'linux-amd64/helm',
    },
    'linux-arm64': {
      url: `${helmRelease}-linux-arm64.tar.gz`,
      sha256: '9e1064f5de43745bdedbff2722a1674d0397bc4b4d8d8196d52a2b730909fe62',
      member: 'linux-arm64/helm',
    },
    'darwin-x64': {
      url: `${helmRelease}-darwin-amd64.tar.gz`,
      sha256: 'd9c9b1fc499c54282c4127c60cdd506da2c6202506b708a2b45fb6dfdb318f43',
      member: 'darwin-amd64/helm',
    },
    'darwin-arm64': {
      url: `${helmRelease}-darwin-arm64.tar.gz`,
      sha256: '7e82ca63fe80a298cecefad61d0c10bc47963ff3551e94ab6470be6393a6a74b',
      member: 'darwin-arm64/helm',
    },
  },
}
