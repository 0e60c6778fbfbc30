import {Args} from '@oclif/core'
import {dryRunFlag} from '../../src/cli/flags/flags.js'
import {chooseFlag, imageScope, imageScopeFlags} from '../../src/cli/flags/image-flags.js'
import {HubCommand} from '../../src/cli/hub-command.js'
import {renderImageChange} from '../../src/cli/render/image/render-images.js'
import {renderUnset, renderWithdrawn} from '../../src/cli/render/image/render-unset.js'
import {definedOnly} from '../../src/defined-only.js'
import {JhubError} from '../../src/errors.js'
import {imageWithdraw} from '../../src/hub/image/image-choice.js'
import {imageUnset, type ImageChangeResult} from '../../src/hub/image/image-change.js'

export default class ImageUnset extends HubCommand {
  static override summary =
    'Remove an image from people, or from what they can choose; the next wider rule applies again.'
  static override examples = [
    {description: 'Everybody', command: '<%= config.bin %> image unset'},
    {description: 'One person', command: '<%= config.bin %> image unset --user ana'},
    {description: 'Remove one image from what people can choose', command: '<%= config.bin %> image unset r --choose'},
    {description: 'Let a group choose nothing', command: '<%= config.bin %> image unset --choose --group class-a'},
  ]
  static override args = {
    name: Args.string({ignoreStdin: true, description: 'With --choose: only this image. Default: all of them.'}),
  }
  static override flags = {...imageScopeFlags, choose: chooseFlag, 'dry-run': dryRunFlag}

  async run(): Promise<ImageChangeResult> {
    const {flags, args} = await this.parse(ImageUnset)
    const {name} = args
    if (name !== undefined && !flags.choose)
      throw new JhubError(
        'JHUB-E100',
        'Give a name only with --choose: without it, there is just one image to remove',
        {
          fix: ['jhub image unset', `jhub image unset ${name} --choose`],
        },
      )
    const context = this.context(flags, 'tasks')
    const change = {scope: imageScope(flags), dryRun: flags['dry-run']}
    const result = await (flags.choose
      ? imageWithdraw(context, {...change, ...definedOnly({name})})
      : imageUnset(context, change))
    const done = flags.choose ? renderWithdrawn(change.scope, name) : renderUnset(change.scope)
    await this.show(renderImageChange(result, {done}))
    return result
  }
}
