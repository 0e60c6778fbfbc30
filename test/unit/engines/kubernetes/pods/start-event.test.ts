import {describe, expect, it} from 'vitest'
import {startEvent} from '../../../../../src/engines/kubernetes/pods/start-event.js'

const event = (reason: string, message: string, more: {type?: string; container?: string} = {}) => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: {name: 'jupyter-ana.18a'},
  reason,
  message,
  type: more.type ?? 'Normal',
  involvedObject: {
    name: 'jupyter-ana',
    ...(more.container === undefined ? {} : {fieldPath: `spec.containers{${more.container}}`}),
  },
})

describe('an event of a start, for who waits for it', () => {
  it.each([
    ['Scheduled', 'Successfully assigned k8s/jupyter-ana to node-1', 'It gets a place on the node node-1'],
    ['Pulling', 'Pulling image "example/course:1"', 'The node downloads the image example/course:1'],
    [
      'Pulled',
      'Successfully pulled image "example/course:1" in 12.31s (12.31s including waiting). Image size: 1 bytes.',
      'The node has downloaded the image example/course:1 (12.31s)',
    ],
    ['TriggeredScaleUp', 'pod triggered scale-up: [{pool 1->2 (max: 3)}]', 'The cluster starts another node for it'],
    ['SuccessfulAttachVolume', 'AttachVolume.Attach succeeded for volume "pvc-1"', 'Its home is attached'],
  ])('%s is a sentence', (reason, message, said) => {
    expect(startEvent(event(reason, message))).toBe(said)
  })

  it('is told of its own container, and not of those that run before it', () => {
    const started = (container: string) => startEvent(event('Started', `Started container ${container}`, {container}))
    expect(started('notebook')).toBe('Its container runs, and JupyterLab starts in it')
    expect(started('block-cloud-metadata')).toBeUndefined()
  })

  it('is not told where it says nothing to a person, or where the trouble is told by itself', () => {
    expect(startEvent(event('Pulled', 'Container image "example/course:1" already present on machine'))).toBeUndefined()
    expect(startEvent(event('Created', 'Created container notebook', {container: 'notebook'}))).toBeUndefined()
    const endOfTheOneBefore = event('Killing', 'Stopping container notebook', {container: 'notebook'})
    expect(startEvent(endOfTheOneBefore)).toBeUndefined()
    expect(startEvent(event('Failed', 'Error: ImagePullBackOff', {type: 'Warning'}))).toBeUndefined()
  })

  it("has the cluster's own words where nobody else has any", () => {
    expect(startEvent(event('NodeNotReady', 'Node is not ready', {type: 'Warning'}))).toBe(
      'The cluster warns: Node is not ready',
    )
  })
})
