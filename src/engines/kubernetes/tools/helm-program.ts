import type {PinnedProgram, ProgramOptions} from './local-program.js'

const helmRelease = 'https://get.helm.sh/helm-v3.19.4'

/** Digests from the `.sha256sum` files of the release. */
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

/** Release labels came with 3.13. */
export const helmWanted: ProgramOptions = {
  name: 'helm',
  oldest: [3, 13],
  pinned: pinnedHelm,
  install: 'https://helm.sh/docs/intro/install/   # brew, choco, apt, or one file',
}
