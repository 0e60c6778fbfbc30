import {Flags} from '@oclif/core'

/** What an image is made from, one of them; for which Python, and with which Debian packages. */
export const recipeFlags = {
  package: Flags.string({
    char: 'p',
    summary: 'A Python package, as pip writes it; may be repeated.',
    helpValue: 'PACKAGE',
    multiple: true,
    exclusive: ['requirements', 'project', 'environment', 'build', 'oci'],
  }),
  requirements: Flags.string({
    char: 'r',
    summary: 'A requirements file.',
    helpValue: 'FILE',
    exclusive: ['project', 'environment', 'build', 'oci'],
  }),
  project: Flags.string({
    summary: 'A directory with a pyproject.toml and its uv.lock; installs the locked versions.',
    helpValue: 'DIRECTORY',
    exclusive: ['environment', 'build', 'oci'],
  }),
  environment: Flags.string({
    summary: 'A conda environment.yml, which becomes additional kernels.',
    helpValue: 'FILE',
    exclusive: ['build', 'oci'],
  }),
  build: Flags.string({
    summary: 'A directory with a Dockerfile; mode k8s only.',
    helpValue: 'DIRECTORY',
    exclusive: ['oci'],
  }),
  oci: Flags.string({
    summary: 'The reference of a container image that has JupyterHub; mode k8s only.',
    helpValue: 'REFERENCE',
  }),
  apt: Flags.string({
    summary: 'A Debian package; not on the process machine; may be repeated.',
    helpValue: 'r-cran-irkernel',
    multiple: true,
  }),
  base: Flags.string({
    summary: 'The container image to install packages on; mode k8s only.',
    helpValue: 'REFERENCE',
    exclusive: ['environment', 'build', 'oci'],
  }),
  python: Flags.string({summary: 'The version of Python.', helpValue: '3.12'}),
}
