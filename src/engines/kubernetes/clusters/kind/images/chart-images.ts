import {renderedObjects} from '../../../chart/rendered-objects.js'

/** The images that the containers of a rendered chart run, each once. */
export function chartImages(rendered: string): readonly string[] {
  return [...new Set(renderedObjects(rendered).flatMap(imagesIn))]
}

function imagesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) =>
    (key === 'containers' || key === 'initContainers') && Array.isArray(each) ? each.flatMap(imageOf) : imagesIn(each),
  )
}

function imageOf(container: unknown): readonly string[] {
  const {image} = (container ?? {}) as {readonly image?: unknown}
  return typeof image === 'string' && image !== '' ? [image] : []
}
