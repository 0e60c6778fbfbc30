import {Flags} from '@oclif/core'

/** What an image is made from; one of them. */
export const recipeFlags = {
  package: Flags.string({
    char: 'p',
    summary: 'A Python package, as pip writes it; may be repeated.',
    multiple: true,
    exclusive: ['requirements', 'build', 'oci'],
  }),
  requirements: Flags.string({
    char: 'r',
    summary: 'A requirements file.',
    helpValue: 'FILE',
    exclusive: ['build', 'oci'],
  }),
  build: Flags.string({
    summary: 'A directory with a Dockerfile; mode k8s only.',
    helpValue: 'DIRECTORY',
    exclusive: ['oci'],
  }),
  oci: Flags.string({
    summary: 'A container image with JupyterHub in it, by its reference; mode k8s only.',
    helpValue: 'REFERENCE',
  }),
}
