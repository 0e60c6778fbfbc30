import {Args, Flags} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {recipeFlags} from '../../src/cli/flags/recipe-flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {imageAdd, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageAdd extends HubCommand {
  static override summary = "Add an image: a named set of software for people's servers."
  static override description =
    'Chooses a version of every package, writes the versions to a lock file beside the settings file, and builds the image. If the image exists, the packages are added to it. Nobody gets it until you run `jhub image use`.'
  static override examples = [
    {description: 'Packages', command: '<%= config.bin %> image add data --package pandas --package matplotlib'},
    {description: 'A version', command: '<%= config.bin %> image add data --package "pandas>=2.2,<3"'},
    {description: 'A file', command: '<%= config.bin %> image add course --requirements requirements.txt'},
    {description: 'A project of uv', command: '<%= config.bin %> image add course --project ./course --python 3.12'},
    {description: "conda's packages", command: '<%= config.bin %> image add geo --environment environment.yml'},
    {description: 'R, from Debian', command: '<%= config.bin %> image add r --apt r-cran-irkernel --apt r-cran-dplyr'},
    {description: 'A Dockerfile (mode k8s)', command: '<%= config.bin %> image add course --build ./course'},
    {
      description: 'A container image (mode k8s)',
      command: '<%= config.bin %> image add course --oci quay.io/jupyter/scipy-notebook:2026-11-02',
    },
  ]
  static override args = {
    name: Args.string({ignoreStdin: true, required: true, description: 'The name of the image, for example data.'}),
  }
  static override flags = {
    ...recipeFlags,
    description: Flags.string({summary: 'A one-line description.', helpValue: 'TEXT'}),
    'dry-run': dryRunFlag,
  }

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageAdd)
    const {package: packages, requirements, project, environment, build, oci, base, apt, python, description} = flags
    const result = await imageAdd(this.context(flags, 'tasks'), {
      name: args.name,
      packages,
      requirements,
      project,
      environment,
      build,
      oci,
      base,
      apt,
      python,
      description,
      dryRun: flags['dry-run'],
    })
    await this.show(
      renderImageChange(result, {
        done: `The image ${args.name} is ready.`,
        next: result.isGiven ? [] : [`jhub image use ${args.name}`],
      }),
    )
    return result
  }
}
